// The start of the page, and its addresses: #RULE/KEY?list=... is a finding, #LIST/KEY?list=... a line, with what is chosen.
document.documentElement.classList.add('scripted');
offer();
// the map (map.js) draws what was found, and leads back by its links
var map = draw_map({
  data: data, rows: rows, say: say, make: make, count: count, reveal: reveal, address: function (r) { return link(r) + query(); }
});

function arrive(at) { if (location.hash.split('?')[0] !== at) { history.pushState(null, '', at + query()); } }
function read() { // what the address names: the two parts of its path, and what is chosen
  var parts = location.hash.slice(1).split('?'), wanted = {}, path = parts[0].split('/');
  (parts[1] || '').split('&').forEach(function (p) {
    var kv = p.split('=');
    try { wanted[kv[0]] = decodeURIComponent(kv[1] || ''); } catch (e) { wanted[kv[0]] = ''; }
  });
  try { path = path.map(decodeURIComponent); } catch (e) { path = []; }
  return { path: path, wanted: wanted, isChosen: Boolean(parts[1]) };
}
function target(path) { // the line, and the finding if it names one
  if (path.length !== 2) { return null; }
  if (data.lists[path[0]]) {
    var c = cases.filter(function (one) { return one.list === path[0] && one.key === path[1]; })[0];
    return c ? { line: c, finding: null } : null;
  }
  var r = rows.filter(function (one) { return one.rule === path[0] && one.key === path[1]; })[0];
  return r ? { line: r.of, finding: r } : null;
}
function follow() {
  if (location.hash === '#lists') { history.replaceState(null, '', '#' + query()); return; } // the skip link
  var at = read(), to = target(at.path);
  set(at.wanted);
  shown = PAGE;
  render();
  if (!to) {
    if (at.isChosen) { document.getElementById('lists').scrollIntoView(); }
    return;
  }
  if (found.indexOf(to.line) < 0) { set(to.line.dismissed ? { state: 'dismissed' } : {}); render(); }
  shown = Math.max(shown, found.indexOf(to.line) + 1);
  fill(shown);
  var e = lineOf(to.line);
  e.fill();
  e.open = true;
  if (to.finding) {
    e.querySelectorAll('details.finding').forEach(function (one) { one.open = one.dataset.id === to.finding.id; });
    e = e.querySelector('details.finding[open]');
    e.fill();
  }
  e.scrollIntoView({ block: 'start' });
  e.querySelector('summary').focus({ preventScroll: true });
}
more.addEventListener('click', function () {
  var first = shown;
  shown += PAGE;
  fill(shown);
  var next = box.querySelectorAll('details.case')[first];
  if (next) { next.querySelector('summary').focus(); }
});
follow();
window.addEventListener('popstate', follow);

// --- on paper the list is whole, and what is open has nothing folded
var unfolded = [];
window.addEventListener('beforeprint', function () {
  fill(found.length);
  unfolded = Array.prototype.filter.call(document.querySelectorAll('section > details, details.finding[open] details.more'), function (d) {
    return !d.open;
  });
  unfolded.forEach(function (d) { d.open = true; });
});
window.addEventListener('afterprint', function () {
  unfolded.forEach(function (d) { d.open = false; });
  Array.prototype.slice.call(box.querySelectorAll('details.case'), shown).forEach(function (d) { d.remove(); });
  while (box.lastElementChild && box.lastElementChild.tagName === 'H3') { box.lastElementChild.remove(); }
  fill(shown);
});
