// Map and list lead to each other: what the pointer or the focus is on in the list, or was opened last, stands out on the map; a place that
// is clicked stands out in the list.
function rowsOf(e) { // of a finding or a line of the list
  var one = e.closest && e.closest('details.finding, details.case');
  if (!one) { return []; }
  if (one.dataset.id) { return rows.filter(function (r) { return r.id === one.dataset.id; }); }
  var c = cases[one.dataset.case];
  return c.findings.length ? c.findings : [{ project: c.subject === 'project' ? c.key : '' }];
}
var pointed = null;
function point(e, isOpened) {
  var one = e.target.closest && e.target.closest('details.finding, details.case');
  if (one === pointed && !isOpened) { return; }
  pointed = one;
  map.mark(rowsOf(e.target), isOpened);
}
box.addEventListener('mouseover', function (e) { point(e, false); });
box.addEventListener('focusin', function (e) { point(e, false); });
box.addEventListener('mouseleave', function () { pointed = null; map.mark([]); });
box.addEventListener('toggle', function (e) { if (e.target.open && e.target.matches('details.case')) { point(e, true); } }, true);

function reveal(some) { // the lines of these findings are marked, and beside the map the first of them comes into sight
  var lines = found.filter(function (c) { return some.some(function (r) { return r.of === c; }); });
  Array.prototype.forEach.call(box.querySelectorAll('.on-map'), function (e) { e.classList.remove('on-map'); });
  if (!lines.length) { return; }
  if (found.indexOf(lines[0]) >= shown) { shown = found.indexOf(lines[0]) + 1; fill(shown); }
  lines.forEach(function (c) { var e = lineOf(c); if (e) { e.classList.add('on-map'); } });
  if (window.matchMedia('(min-width: 64rem)').matches) { lineOf(lines[0]).scrollIntoView({ block: 'center' }); }
}
