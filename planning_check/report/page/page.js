(function () {
'use strict';
var zh = document.documentElement.lang !== 'en';
function say(a, b) { return zh ? a : b; }
var data = JSON.parse(document.getElementById('data').textContent);
// a row: see content._row
var NAMES = ['id', 'list', 'rule', 'severity', 'status', 'subject', 'key', 'name', 'district', 'community', 'developer', 'bureau', 'area', 'yuan', 'message', 'cure', 'project', 'fresh', 'robust', 'piece', 'state', 'stood', 'again', 'waived'];
var rows = data.rows.map(function (r) { var o = {}; NAMES.forEach(function (n, i) { o[n] = r[i]; }); return o; });
var PAGE = 60, shown = PAGE, found = rows;
document.documentElement.classList.add('scripted');

function make(tag, attributes, children) {
  var e = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (k) { if (k === 'text') { e.textContent = attributes[k]; } else { e.setAttribute(k, attributes[k]); } });
  (children || []).forEach(function (c) { if (c) { e.appendChild(c); } });
  return e;
}
function count(n) { return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ','); }

var form = document.querySelector('form.filters'), box = document.getElementById('found'), more = document.getElementById('more'), status = document.getElementById('count');
function options(select, pairs) {
  select.appendChild(make('option', { value: '', text: say('全部', 'all') }));
  pairs.forEach(function (p) { select.appendChild(make('option', { value: p[0], text: p[1] })); });
}
function unique(name) { var seen = {}; rows.forEach(function (r) { if (r[name]) { seen[r[name]] = 1; } }); return Object.keys(seen).sort(); }
options(form.elements.list, Object.keys(data.lists).map(function (k) { return [k, data.lists[k]]; }));
options(form.elements.district, unique('district').map(function (d) { return [d, d]; }));
options(form.elements.bureau, unique('bureau').map(function (b) { return [b, data.bureaus[b] || b]; }));
options(form.elements.state, Object.keys(data.states).filter(function (k) { return rows.some(function (r) { return r.state === k; }); }).map(function (k) { return [k, data.states[k]]; }));
unique('developer').slice(0, 800).forEach(function (d) { document.getElementById('developers').appendChild(make('option', { value: d })); });

// what was dismissed accuses nobody any more: it is shown where it is asked for
var FILTERS = ['list', 'district', 'bureau', 'state', 'developer', 'text'], dismissed = rows.filter(function (r) { return r.state === 'dismissed'; }).length;
function chosen() { var f = {}; FILTERS.forEach(function (n) { var v = form.elements[n].value.trim(); if (v) { f[n] = v; } }); return f; }
function fits(r, f) {
  if (f.list && r.list !== f.list || f.district && r.district !== f.district || f.bureau && r.bureau !== f.bureau) { return false; }
  if (f.state ? r.state !== f.state : r.state === 'dismissed') { return false; }
  if (f.developer && r.developer.toLowerCase().indexOf(f.developer.toLowerCase()) < 0) { return false; }
  if (!f.text) { return true; }
  var all = (r.rule + ' ' + data.rules[r.rule] + ' ' + r.key + ' ' + r.name + ' ' + r.project + ' ' + r.community + ' ' + r.developer + ' ' + r.message).toLowerCase();
  return f.text.toLowerCase().split(/\s+/).every(function (w) { return all.indexOf(w) >= 0; });
}

function pairs(caption, list, className) {
  if (!list || !list.length) { return null; }
  var body = make('tbody', {}, list.map(function (p) {
    return make('tr', {}, [make('th', { scope: 'row', text: p[0] })].concat(p.slice(1).map(function (v, i) { return make('td', {}, [make(className && i === 0 ? 'code' : 'span', { text: v })]); })));
  }));
  return make('div', { 'class': 'wide' }, [make('table', { 'class': className || '' }, [make('caption', { 'class': 'off', text: caption }), body])]);
}
function head(text) { return make('h4', { text: text }); }
function inside(r) {
  var d = data.details[r.id], parts = [];
  parts.push(make('p', { text: r.message }));
  if (r.stood) { parts.push(head(say('案件', 'Case'))); r.stood.split('\n').forEach(function (t) { parts.push(make('p', { text: t })); }); }
  if (r.cure) { parts.push(head(say('怎么办', 'What to do')), make('p', { text: r.cure })); }
  if (d) {
    if (d.law.length || (d.basis || []).length) {
      parts.push(head(say('依据', 'Law') + (d.verified ? say('（', ' (') + d.verified + say('）', ')') : '')));
      (d.basis || []).forEach(function (b) { parts.push(make('p', { 'class': 'quiet', text: b })); });
      parts.push(pairs(say('条款', 'clauses'), d.law));
    }
    if (d.steps.length) { parts.push(head(say('算式', 'Arithmetic')), pairs(say('算式', 'arithmetic'), d.steps, 'steps')); }
    if (d.facts.length) { parts.push(head(say('事实', 'Facts')), pairs(say('事实', 'facts'), d.facts)); }
    if (d.sources.length) { parts.push(head(say('出自', 'From')), make('ul', {}, d.sources.map(function (s) { return make('li', { text: s }); }))); }
    if (d.trap) { parts.push(head(say('何时不宜处理', 'When not to act on it')), make('p', { text: d.trap })); }
  } else {
    parts.push(make('p', { 'class': 'quiet', text: say('算式、依据和出处：planning-check explain ', 'Arithmetic, law and sources: planning-check explain ') + r.rule + ' ' + r.key }));
  }
  if (where[r.id]) { var b = make('button', { type: 'button', text: say('在地图上看', 'show on the map') }); b.style.width = 'auto'; b.addEventListener('click', function () { show(r); }); parts.push(b); }
  return make('div', { 'class': 'inside' }, parts);
}
function link(r) { return '#' + encodeURIComponent(r.rule) + '/' + encodeURIComponent(r.key); }
function finding(r) {
  var place = [r.district, r.community !== r.name ? r.community : '', r.developer].filter(Boolean).join('　');
  var tags = [];
  if (r.fresh) { tags.push(make('span', { 'class': 'tag', text: say('新增', 'new') })); }
  if (r.waived) { tags.push(make('span', { 'class': 'tag case', text: say('豁免至 ', 'waived until ') + r.waived })); }
  if (r.state !== 'open' || r.again) { tags.push(make('span', { 'class': 'tag case ' + r.state, text: r.state === 'open' ? say('重新立案', 'to decide again') : data.states[r.state] })); }
  if (r.robust === 'fragile') { tags.push(make('span', { 'class': 'tag', text: say('口径敏感', 'fragile') })); }
  var title = r.rule + ' ' + (data.rules[r.rule] || '') + (r.status ? say('：', ': ') + r.status : '');
  var amounts = [r.area ? r.area + ' ㎡' : '', r.yuan].filter(Boolean);
  var summary = make('summary', {}, [
    make('span', { 'class': 'sev ' + r.severity, text: data.severities[r.severity] }),
    make('span', {}, [make('b', { text: title })].concat(tags, [make('br'), make('span', { 'class': 'who', text: (r.name.indexOf(r.key) >= 0 ? r.name : r.key + ' ' + r.name) + (place ? '　' + place : '') })])),
    make('span', { 'class': 'amounts' }, amounts.map(function (a) { return make('div', { text: a }); }))
  ]);
  var e = make('details', { 'class': 'finding ' + r.list, 'data-id': r.id }, [summary]);
  e.addEventListener('toggle', function () {
    if (e.open && !e.querySelector('.inside')) { e.appendChild(inside(r)); }
    if (e.open && location.hash.split('?')[0] !== link(r)) { history.pushState(null, '', link(r) + query()); }
  });
  return e;
}
function query() { var f = chosen(), q = Object.keys(f).map(function (k) { return k + '=' + encodeURIComponent(f[k]); }).join('&'); return q ? '?' + q : ''; }
function render() {
  var f = chosen();
  found = rows.filter(function (r) { return fits(r, f); });
  box.textContent = '';
  found.slice(0, shown).forEach(function (r) { box.appendChild(finding(r)); });
  var left = found.length - Math.min(shown, found.length);
  more.hidden = !left;
  more.textContent = say('再列 ' + Math.min(PAGE, left) + ' 条（还有 ' + count(left) + ' 条）', Math.min(PAGE, left) + ' more of ' + count(left));
  status.textContent = say('共 ' + count(found.length) + ' 条', count(found.length) + ' findings') +
    (dismissed && !f.state ? say('，另有不予认定 ' + count(dismissed) + ' 条未列（按案件筛选可看）', '; ' + count(dismissed) + ' dismissed not listed (choose them by case)') : '') +
    (data.total > rows.length ? say('（本页有各名单最重的，共 ' + count(rows.length) + ' 条；全部 ' + count(data.total) + ' 条见 findings.csv）', ' (of the ' + count(rows.length) + ' on this page, the gravest of every list; all ' + count(data.total) + ' are in findings.csv)') : '');
  paint();
}
form.addEventListener('input', function () { shown = PAGE; history.replaceState(null, '', '#' + query()); render(); });
form.addEventListener('submit', function (e) { e.preventDefault(); });
form.addEventListener('reset', function () { setTimeout(function () { shown = PAGE; history.replaceState(null, '', '#'); render(); }, 0); });
more.addEventListener('click', function () { var first = shown; shown += PAGE; render(); var next = box.children[first]; if (next) { next.querySelector('summary').focus(); } });

// --- map
var where = {}, map = null, drawn = [], COLOURS = { violations: '#b42318', deposits: '#9a4a06', offices: '#175cd3', premises: '#6b21a8', idle_facility: '#17703a', office: '#175cd3' };
function worst(list) { return list.some(function (r) { return r.list === 'violations'; }) ? 'violations' : list.some(function (r) { return r.list === 'deposits'; }) ? 'deposits' : 'other'; }
var SHAPES = { office: 'M8 1 L15 15 L1 15 Z', premises: 'M8 1 A7 7 0 1 0 8.01 1 Z', idle_facility: 'M6 1 H10 V6 H15 V10 H10 V15 H6 V10 H1 V6 H6 Z' };
function pin(kind) {
  return L.divIcon({ className: 'pin', iconSize: [16, 16], iconAnchor: [8, 8],
    html: '<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="' + SHAPES[kind] + '" fill="' + COLOURS[kind] + '" stroke="#fff" stroke-width="1.5"/></svg>' });
}
function popup(title, list) {
  var items = list.slice(0, 6).map(function (r) { return make('li', {}, [make('a', { href: link(r), text: r.rule + ' ' + (data.rules[r.rule] || '') })]); });
  if (list.length > 6) { items.push(make('li', { text: say('另有 ', '') + (list.length - 6) + say(' 条', ' more') })); }
  return make('div', {}, [make('b', { text: title }), make('ul', {}, items)]);
}
function begin() {
  var m = data.map, holder = document.getElementById('map');
  if (!m.communities.length && !m.land.length && !m.points.length) { holder.textContent = say('没有可画的图形（见“数据”名单）', 'nothing to draw (see the list of data)'); holder.style.height = 'auto'; return; }
  map = L.map(holder, { attributionControl: false, zoomSnap: 0.25, preferCanvas: false });
  map.createPane('base').style.zIndex = 250;
  L.control.scale({ imperial: false }).addTo(map);
  var bounds = L.latLngBounds([]);
  m.communities.forEach(function (c) {
    var layer = L.polygon(c[2], { pane: 'base', color: '#7b8794', weight: 1, fillColor: '#ffffff', fillOpacity: 0.7, interactive: true, className: 'community' }).addTo(map);
    layer.bindTooltip(c[1] || c[0], { sticky: true }); bounds.extend(layer.getBounds());
  });
  var by = { project: {}, office: {}, premises: {} }, shared = {};
  m.pieces.forEach(function (p) { shared[p[0] + '/' + p[1]] = { rings: p[2], list: [] }; });
  rows.forEach(function (r) {
    if (r.state === 'dismissed') { return; }
    var piece = r.piece && shared[r.piece + '/' + r.key];
    if (piece) { piece.list.push(r); return; }
    var key = r.subject === 'office' || r.subject === 'premises' ? r.key : r.project;
    var kind = r.subject === 'office' || r.subject === 'premises' ? r.subject : 'project';
    if (key) { (by[kind][key] = by[kind][key] || []).push(r); }
    if (r.subject === 'premises' && r.project) { (by.project[r.project] = by.project[r.project] || []).push(r); }
  });
  m.land.forEach(function (p) {
    var list = by.project[p[0]]; if (!list) { return; }
    var kind = worst(list);
    var layer = L.polygon(p[1], { color: COLOURS[kind] || '#52606d', weight: 2, dashArray: kind === 'deposits' ? '5 4' : kind === 'other' ? '1 4' : null, fillOpacity: kind === 'violations' ? 0.35 : 0.12, className: 'land ' + kind });
    layer.bindPopup(function () { return popup(p[0] + ' ' + (list[0].name || ''), list); });
    bounds.extend(layer.getBounds()); keep(layer, list);
  });
  Object.keys(shared).forEach(function (k) {
    var list = shared[k].list; if (!list.length) { return; }
    var layer = L.polygon(shared[k].rings, { color: COLOURS.violations, weight: 2, fillOpacity: 0.6, className: 'land overlap' });
    layer.bindPopup(function () { return popup(list[0].key + ' ' + say('重叠部分', 'land shared'), list); });
    bounds.extend(layer.getBounds()); keep(layer, list);
  });
  var at = {};
  m.points.forEach(function (p) {
    at[p[0] + '/' + p[1]] = [p[3], p[4]];
    var list = p[0] === 'idle_facility' ? [] : (by[p[0]] || {})[p[1]];
    if (!list) { return; }
    if (p[0] === 'office' && !list.some(function (r) { return r.list === 'offices'; })) { return; }
    var layer = L.marker([p[3], p[4]], { icon: pin(p[0]), title: p[2] || p[1], alt: p[2] || p[1], keyboard: true });
    layer.bindPopup(function () { return list.length ? popup((p[2] || '') + ' ' + p[1], list) : make('b', { text: say('闲置设施：', 'Idle facility: ') + (p[2] || p[1]) }); });
    bounds.extend([p[3], p[4]]); keep(layer, list, p[0] === 'idle_facility');
  });
  m.matches.forEach(function (pair) {
    var a = at['office/' + pair[0]], b = at['idle_facility/' + pair[1]];
    if (a && b) { keep(L.polyline([a, b], { color: COLOURS.idle_facility, weight: 2, dashArray: '6 5', interactive: false, className: 'match' }), (by.office[pair[0]] || []), true); }
  });
  if (bounds.isValid()) { map.fitBounds(bounds, { padding: [10, 10], animate: false }); }
}
function keep(layer, list, always) { drawn.push({ layer: layer, list: list, always: always }); list.forEach(function (r) { where[r.id] = where[r.id] || layer; }); layer.addTo(map); }
function paint() {
  if (!map) { return; }
  var f = chosen(), any = Object.keys(f).length, on = {};
  found.forEach(function (r) { on[r.id] = 1; });
  drawn.forEach(function (d) {
    var visible = !any || d.list.some(function (r) { return on[r.id]; }) || (d.always && !d.list.length && (!f.list || f.list === 'offices') && Object.keys(f).length <= (f.list ? 1 : 0));
    if (visible && !map.hasLayer(d.layer)) { d.layer.addTo(map); }
    if (!visible && map.hasLayer(d.layer)) { map.removeLayer(d.layer); }
  });
}
function show(r) {
  var layer = where[r.id];
  if (!map.hasLayer(layer)) { layer.addTo(map); }
  document.getElementById('map').scrollIntoView({ block: 'center' });
  if (layer.getBounds) { map.fitBounds(layer.getBounds(), { maxZoom: 16, animate: false }); } else { map.setView(layer.getLatLng(), 16, { animate: false }); }
  if (layer.openPopup) { layer.openPopup(); }
}

// --- links: #RULE/KEY?list=...
function follow() {
  var parts = location.hash.slice(1).split('?'), wanted = {};
  (parts[1] || '').split('&').forEach(function (p) { var kv = p.split('='); if (kv[0]) { try { wanted[kv[0]] = decodeURIComponent(kv[1] || ''); } catch (e) { wanted[kv[0]] = ''; } } });
  FILTERS.forEach(function (n) { form.elements[n].value = wanted[n] || ''; });
  shown = PAGE;
  render();
  var path = parts[0].split('/'), target = null;
  if (path.length === 2) {
    try { path = path.map(decodeURIComponent); } catch (e) { return; }
    target = rows.filter(function (r) { return r.rule === path[0] && r.key === path[1]; })[0];
  }
  if (!target) {
    if (parts[1]) { document.getElementById('lists').scrollIntoView(); }
    return;
  }
  if (found.indexOf(target) < 0) { form.reset(); ['list', 'district', 'bureau', 'state'].forEach(function (n) { form.elements[n].value = ''; }); if (target.state === 'dismissed') { form.elements.state.value = 'dismissed'; } render(); }
  var place = found.indexOf(target);
  if (place >= shown) { shown = place + 1; render(); }
  var e = box.children[place];
  e.open = true;
  e.scrollIntoView({ block: 'start' });
  e.querySelector('summary').focus({ preventScroll: true });
}
begin();
follow();
window.addEventListener('hashchange', follow);
window.addEventListener('popstate', follow);
window.addEventListener('beforeprint', function () { Array.prototype.forEach.call(document.querySelectorAll('section > details'), function (d) { d.open = true; }); });
}());
