"""A delivery of two communities 200 m square, a kilometre apart: small enough that everybody's place can be told by heart."""

import geopandas

from tests.geo.tables import PLANE, box

#: Community A has 1,000 people and a room of 30 m2 for the old (16 people a m2: 480); B has 500 and none.
TABLES = {
    "districts.csv": "district_code,district_name\n990101,甲区\n990102,乙区\n",
    "communities.csv": (
        "community_code,community_name,district_code,population,households\n"
        "990101001001,榕园,990101,1000,400\n990102001001,花墙,990102,500,250\n"
    ),
    "community_facilities.csv": "社区代码,设施类别,设施面积\n990101001001,老年人日间照料,30\n",
}
A, B = "990101001001", "990102001001"
SHAPES = {A: box(0, 0, 200, 200), B: box(1000, 0, 1200, 200)}
#: id: east, north, usable m2. F1 lies in A, F2 in B.
IDLE = {"F1": (100, 100, 350), "F2": (1100, 100, 200)}


def point(east, north):
    """Longitude and latitude of a place."""
    shape = geopandas.GeoSeries([box(east, north, east, north).centroid], crs=PLANE).to_crs("EPSG:4490").iloc[0]
    return f"{shape.x:.7f},{shape.y:.7f}"


def town(folder, *, shapes=SHAPES, crs=PLANE, idle=IDLE, parcels=(), **tables):
    """Write the delivery; ``tables``: name of a file without its ending -> its text, None for none; ``parcels``: id, shape, project,
    use."""
    folder.mkdir(exist_ok=True)
    told = TABLES | {f"{name}.csv": text for name, text in tables.items()}
    if idle:
        rows = [f"{key},闲置{key},{m2},{m2},0,否,2010-01-01,{point(east, north)}" for key, (east, north, m2) in idle.items()]
        told["idle.csv"] = "\n".join(["设施编号,设施名称,设施建筑面积(㎡),可用面积(㎡),利用率,是否开放,可用日期,经度,纬度", *rows]) + "\n"
    for name, text in told.items():
        if text is not None:
            (folder / name).write_text(text, "utf-8")
    if shapes:
        layer(folder / "边界.gpkg", "社区边界", {"社区代码": list(shapes)}, list(shapes.values()), crs)
    if parcels:
        keys, drawn, projects, uses = (list(column) for column in zip(*parcels, strict=True))
        layer(folder / "宗地.gpkg", "宗地", {"宗地编号": keys, "项目编号": projects, "用地性质": uses}, drawn, crs)
    return folder


def layer(path, name, columns, shapes, crs):
    geopandas.GeoDataFrame(columns, geometry=list(shapes), crs=crs).to_file(path, layer=name, driver="GPKG")
