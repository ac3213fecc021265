/* Names on the map: [{ text, at, bounds, isDistrict }], the most important first. A district is named while it is in sight as a whole or
   nearly so: above it where it is small, so that the name hides nothing. A community is named once its name fits into it. Of two names
   that would overlap the first is written. */
function map_names(map, names, page) {
  var HIGH = 18, GAP = 2, SMALL = 6, FONT = { true: 'bold 15px sans-serif', false: '12px sans-serif' };
  var ink = document.createElement('canvas').getContext('2d');
  map.createPane('names').style.zIndex = 620;
  map.getPane('names').style.pointerEvents = 'none';
  names.forEach(function (one) { ink.font = FONT[one.isDistrict]; one.wide = Math.ceil(ink.measureText(one.text).width) + 2; });
  function room(one) { // how large on the screen what it names is
    return map.latLngToContainerPoint(one.bounds.getSouthEast()).subtract(map.latLngToContainerPoint(one.bounds.getNorthWest()));
  }
  function isToWrite(one, space, size) {
    return one.isDistrict ? space.x < 1.5 * size.x && space.y < 1.5 * size.y : space.x >= one.wide && space.y >= HIGH;
  }
  function write() {
    var size = map.getSize(), taken = [];
    names.forEach(function (one) {
      var space = room(one), isAbove = one.isDistrict && space.x < SMALL * one.wide;
      var at = isAbove ? [one.bounds.getNorth(), one.bounds.getCenter().lng] : one.at, p = map.latLngToContainerPoint(at);
      if (isAbove) { p = p.subtract([0, HIGH / 2 + GAP]); }
      var box = [p.x - one.wide / 2, p.y - HIGH / 2, p.x + one.wide / 2, p.y + HIGH / 2];
      var isInSight = box[2] > 0 && box[3] > 0 && box[0] < size.x && box[1] < size.y;
      var isFree = isInSight && isToWrite(one, space, size) && !taken.some(function (t) {
        return box[0] < t[2] + GAP && t[0] < box[2] + GAP && box[1] < t[3] + GAP && t[1] < box[3] + GAP;
      });
      if (isFree) { taken.push(box); }
      if (isFree && !one.layer) {
        var icon = L.divIcon({
          className: 'map-name' + (one.isDistrict ? ' district' : ''), iconSize: [one.wide, HIGH],
          html: page.make('span', { text: one.text })
        });
        one.layer = L.marker(at, { pane: 'names', interactive: false, keyboard: false, icon: icon });
      }
      if (one.layer) { one.layer.setLatLng(map.containerPointToLatLng(p)); }
      if (one.layer && isFree !== map.hasLayer(one.layer)) { if (isFree) { map.addLayer(one.layer); } else { map.removeLayer(one.layer); } }
    });
  }
  map.on('moveend resize', write);
  write();
}
