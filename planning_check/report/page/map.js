/* The map. page: { data, rows, say, make, count } of the other parts; address(row): its link; reveal(rows): shows them in the list.
   It gives back has(row): is there a place for it; show(row): go there and open it; paint(found, filters): draw what was found,
   found being the findings (rows) that fit and filters what was chosen, by name; mark(rows, isOpened): their places stand out, and come
   into sight if isOpened.

   A place is what can be drawn and opened once: a project's land, a parcel, land shared by two, a community, an office, a room, an idle
   facility. Its signs (data.map.legend) follow from those of its findings that were found. */
function draw_map(page) {
  var FAR = 14, m = page.data.map, say = page.say, make = page.make, holder = document.getElementById('map');
  var places = {}, of = {}, lines = [], last = { found: [], filters: {}, told: null }, view = null;
  var PINS = {
    offices: 'M8 1 L15 15 L1 15 Z', office_other: 'M8 1 L15 15 L1 15 Z', room: 'M8 1 A7 7 0 1 0 8.01 1 Z',
    deposits: 'M8 0 L16 8 L8 16 L0 8 Z', idle: 'M6 1 H10 V6 H15 V10 H10 V15 H6 V10 H1 V6 H6 Z'
  };
  var PANES = {
    community: 'base', told: 'base', other: 'weak', undetermined: 'weak', dismissed: 'weak', deposits: 'strong', overlap: 'strong'
  };

  // --- what there is
  function place(kind, key, name, rings, at) {
    var one = { kind: kind, key: key, name: name, rings: rings, at: at, rows: [], parts: {}, signs: [] };
    one.bounds = at ? L.latLngBounds([at]) : L.latLngBounds(flat(rings));
    places[kind + '/' + key] = one;
    return one;
  }
  function flat(rings) { return rings.reduce(function (all, polygon) { return all.concat(polygon[0]); }, []); }
  function gather() {
    m.communities.forEach(function (c) { place('community', c[0], c[1], c[2]); });
    m.land.forEach(function (p) { place('project', p[0], '', p[1]).shortage = p[2]; });
    m.parcels.forEach(function (p) { place('parcel', p[0], '', p[1]); });
    m.pieces.forEach(function (p) { place(p[0], p[1], say('重叠部分', 'land shared'), p[2]); });
    m.points.forEach(function (p) { place(p[0], p[1], p[2], null, [p[3], p[4]]); });
    page.rows.forEach(function (r) {
      var own = r.piece && places[r.piece + '/' + r.key] || places[r.subject + '/' + r.key], land = places['project/' + r.project];
      if (own) { own.rows.push(r); }
      if (land && land !== own && (!own || r.subject === 'premises')) { land.rows.push(r); }
      of[r.id] = own || land;
    });
    m.matches.forEach(function (pair) {
      var a = places['office/' + pair[0]], b = places['idle_facility/' + pair[1]];
      a.isMatched = true;
      lines.push({ office: a, layer: L.polyline([a.at, b.at], { interactive: false, className: 'match' }) });
    });
  }

  // --- what of it is shown, by the findings of it that were found
  function isOn(rows, list) { return rows.some(function (r) { return r.list === list; }); }
  function signs(one, rows) {
    var isFiltered = Object.keys(last.filters).length, isFar = view.map.getZoom() < FAR && !isFiltered;
    if (one.kind === 'community') { return [rows.length ? 'told' : 'community']; }
    if (one.kind === 'idle_facility') {
      var isOffered = !isFiltered || isFiltered === 1 && last.filters.list === 'offices';
      return rows.length || isOffered ? ['idle'] : [];
    }
    if (!rows.length) { return []; }
    if (one.kind === 'premises') { return isFar && places['project/' + rows[0].project] ? [] : ['room']; }
    if (one.kind === 'office') { return isOn(rows, 'offices') ? ['offices'] : isFar && !one.isMatched ? [] : ['office_other']; }
    if (one.kind !== 'project' && one.kind !== 'parcel') { return ['overlap']; }
    var found = [];
    if (isOn(rows, 'violations')) { found.push(one.shortage === null || one.shortage === undefined ? 'unshort' : 'short' + one.shortage); }
    if (isOn(rows, 'deposits')) { found.push('deposits'); }
    if (found.length) { return found; }
    if (rows.every(function (r) { return r.state === 'dismissed'; })) { return ['dismissed']; }
    return [rows.every(function (r) { return r.list === 'undetermined'; }) ? 'undetermined' : 'other'];
  }
  function picture(sign) {
    var path = '<path class="sign ' + sign + '" d="' + PINS[sign] + '"/>';
    return '<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">' + path + '</svg>';
  }
  function pin(sign, at) {
    var icon = L.divIcon({ className: 'pin ' + sign, iconSize: [16, 16], iconAnchor: [8, 8], html: picture(sign) });
    return L.marker(at, { icon: icon, keyboard: false });
  }
  function part(one, sign) {
    if (!one.parts[sign]) {
      var layer = one.at ? pin(sign, one.at)
        : L.polygon(one.rings, { pane: PANES[sign] || 'overlayPane', className: 'land sign ' + sign, fillOpacity: 1 });
      // beside the land, so that both can be seen
      if (sign === 'deposits') { layer = L.featureGroup([layer, pin(sign, one.bounds.getNorthEast())]); }
      layer.on('click', function () { open(one); page.reveal(shownOf(one)); });
      layer.bindTooltip(title(one), { sticky: true });
      one.parts[sign] = layer;
    }
    return one.parts[sign];
  }
  function title(one) {
    var name = one.name || (one.rows[0] && one.kind === 'project' ? one.rows[0].name : '');
    if (one.kind === 'idle_facility') { return say('闲置设施：', 'Idle facility: ') + (name || one.key); }
    return name.indexOf(one.key) >= 0 ? name : one.kind === 'community' ? name || one.key : (one.key + ' ' + name).trim();
  }
  function paint(found, filters) {
    if (!view) { return; }
    last.found = found;
    last.filters = filters;
    draw();
    var at = JSON.stringify(filters) + found.length;
    if (at === last.told) { return; } // the same again: the reader's own view stays
    last.told = at;
    var seen = L.latLngBounds([]);
    each(function (one) { if (one.found.length && one.signs.length) { seen.extend(one.bounds); } });
    if (Object.keys(filters).length && seen.isValid()) { view.fit(seen); } else { view.home(); }
  }
  function each(act) { Object.keys(places).forEach(function (k) { act(places[k]); }); }
  function draw() {
    var on = {}, there = {}, map = view.map;
    mark([]);
    last.found.forEach(function (r) { if (r.state !== 'dismissed' || last.filters.state === 'dismissed') { on[r.id] = 1; } });
    each(function (one) {
      one.found = one.rows.filter(function (r) { return on[r.id]; });
      var now = signs(one, one.found);
      one.signs.forEach(function (sign) { if (now.indexOf(sign) < 0) { map.removeLayer(part(one, sign)); } });
      now.forEach(function (sign) {
        there[sign] = 1;
        if (one.signs.indexOf(sign) < 0) { map.addLayer(part(one, sign)); }
      });
      one.signs = now;
    });
    lines.forEach(function (line) {
      if (line.office.signs.length) { there.match = 1; map.addLayer(line.layer); } else { map.removeLayer(line.layer); }
    });
    if (m.districts.length) { there.district = 1; }
    holder.classList.toggle('far', map.getZoom() < FAR);
    Array.prototype.forEach.call(document.querySelectorAll('.legend li'), function (li) { li.hidden = !there[li.dataset.sign]; });
    note();
  }

  // --- what is not drawn
  var COUNTED = {
    project: say('项目用地', 'project land'), premises: say('用房', 'rooms'), office: say('办公用房', 'offices'),
    idle_facility: say('闲置设施', 'idle facilities'), community: say('社区', 'communities'), parcel: say('宗地', 'parcels')
  };
  function note() {
    var lacking = {}, later = {}, parts = [];
    last.found.forEach(function (r) {
      var kind = COUNTED[r.subject] ? r.subject : r.project ? 'project' : '', key = kind === 'project' ? r.project || r.key : r.key;
      if (kind && !places[kind + '/' + key] && !(kind === 'parcel' && of[r.id])) { (lacking[kind] = lacking[kind] || {})[key] = 1; }
    });
    each(function (one) { if (one.found.length && !one.signs.length) { (later[one.kind] = later[one.kind] || {})[one.key] = 1; } });
    function told(by) {
      return Object.keys(COUNTED).filter(function (kind) { return by[kind]; }).map(function (kind) {
        return COUNTED[kind] + ' ' + page.count(Object.keys(by[kind]).length);
      }).join(say('、', ', '));
    }
    if (told(lacking)) {
      parts.push((m.left ? say('没有坐标、图形，或地图太密，未画出：', 'Not drawn, for want of coordinates, shape or room: ')
        : say('没有坐标或图形，未画出：', 'Not drawn, for want of coordinates or shape: ')) + told(lacking));
    }
    if (told(later)) { parts.push(say('放大后显示：', 'Shown closer up: ') + told(later)); }
    document.getElementById('map-note').textContent = parts.join(say('。', '. '));
  }

  // --- one place
  function shownOf(one) { return one.found.length ? one.found : one.rows; }
  function open(one) {
    var list = shownOf(one), at = one.at || [one.bounds.getNorth(), one.bounds.getCenter().lng];
    var items = list.map(function (r) {
      var amounts = [r.area ? r.area + ' ㎡' : '', r.yuan].filter(Boolean).join(say('，', ', '));
      var said = r.rule + ' ' + (page.data.rules[r.rule] || '') + (r.status ? say('：', ': ') + r.status : '');
      return make('li', {}, [
        make('a', { href: page.address(r), text: said }),
        amounts ? make('span', { text: ' ' + amounts }) : null
      ]);
    });
    var content = make('div', {}, [make('b', { text: title(one) }), items.length ? make('ul', {}, items) : null]);
    L.popup({ maxHeight: 240, minWidth: 200, offset: [0, one.at ? -6 : 2] }).setLatLng(at).setContent(content).openOn(view.map);
  }
  function show(r) {
    var one = of[r.id];
    holder.scrollIntoView({ block: 'nearest' });
    if (last.found.indexOf(r) < 0) { last.found = last.found.concat([r]); }
    view.fit(one.bounds);
    draw();
    open(one);
  }

  var marked = [], SMALL = 30;
  function mark(rows, isOpened) {
    var some = [], map = view && view.map, sight = map && map.getBounds();
    marked.forEach(function (undo) { undo(); });
    marked = [];
    rows.forEach(function (r) {
      [of[r.id], places['project/' + r.project]].forEach(function (one) {
        if (one && one.signs.length && some.indexOf(one) < 0) { some.push(one); }
      });
    });
    if (isOpened && some.length && !some.some(function (one) { return sight.intersects(one.bounds); })) {
      map.panTo(some[0].bounds.getCenter(), { animate: false });
    }
    some.forEach(ring);
  }
  function ring(one) { // its edge stands out; what is small has a ring
    var map = view.map, b = one.bounds, size = map.project(b.getSouthEast()).subtract(map.project(b.getNorthWest()));
    one.signs.forEach(function (sign) {
      var layer = part(one, sign);
      (layer.getLayers ? layer.getLayers() : [layer]).forEach(function (leaf) {
        var e = leaf.getElement();
        if (e) { e.classList.add('marked'); marked.push(function () { e.classList.remove('marked'); }); }
      });
    });
    if (Math.max(size.x, size.y) < SMALL) {
      var layer = L.circleMarker(b.getCenter(), { radius: SMALL / 2, pane: 'rings', interactive: false, className: 'map-ring' }).addTo(map);
      marked.push(function () { layer.remove(); });
    }
  }

  function legend() {
    var list = document.querySelector('.legend');
    m.legend.forEach(function (entry) {
      var sign = entry[0], swatch = make('span', { 'class': 'swatch', 'aria-hidden': 'true' });
      var drawn = sign === 'match' ? '<path d="M0 7 H22" class="match"/>'
        : '<rect x="1.5" y="1.5" width="19" height="11" class="land sign ' + sign + '"/>';
      swatch.innerHTML = PINS[sign] ? picture(sign) : '<svg width="22" height="14">' + drawn + '</svg>';
      list.appendChild(make('li', { 'data-sign': sign }, [swatch, make('span', { text: entry[1] })]));
    });
  }
  function begin() {
    gather();
    var bounds = L.latLngBounds([]);
    each(function (one) { bounds.extend(one.bounds); });
    if (!bounds.isValid()) {
      holder.textContent = say('没有可画的图形（见“数据”名单）', 'nothing to draw (see the list of data)');
      holder.style.height = 'auto';
      return;
    }
    view = map_view(holder, bounds, page);
    [['base', 250], ['borders', 260], ['weak', 390], ['strong', 410], ['rings', 610]].forEach(function (pane) {
      view.map.createPane(pane[0]).style.zIndex = pane[1];
    });
    legend();
    m.districts.forEach(function (d) {
      L.polygon(d[2], { pane: 'borders', interactive: false, fill: false, className: 'land sign district' }).addTo(view.map);
    });
    map_names(view.map, m.names.map(function (n) {
      var one = places['community/' + n[0]], rings = n[3] && m.districts.filter(function (d) { return d[0] === n[0]; })[0][2];
      return { text: n[1], at: n[2], isDistrict: Boolean(n[3]), bounds: rings ? L.latLngBounds(flat(rings)) : one.bounds };
    }), page);
    view.map.on('zoomend', draw);
  }
  begin();
  return { has: function (r) { return Boolean(of[r.id]); }, show: show, paint: paint, mark: mark };
}
