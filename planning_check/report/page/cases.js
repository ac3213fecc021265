// The list: a line a case; opened, its findings are the steps of one story.
var PAGE = 60, shown = PAGE, found = cases;
var box = document.getElementById('found'), more = document.getElementById('more'), status = document.getElementById('count');
var sumsBox = document.getElementById('sums');

function address(c) { return '#' + c.list + '/' + encodeURIComponent(c.key); }
function title(c) { return c.name.indexOf(c.key) >= 0 ? c.name : (c.name + ' ' + c.key).trim(); }
function line(c) {
  var place = [c.district.indexOf(c.city) ? c.city : '', c.district, c.community !== c.name ? c.community : '', c.developer].filter(Boolean).join('　');
  var marked = c.marks ? c.marks.split(say('、', ', ')).map(function (text) { return tag(text, 'mark'); }) : [];
  if (c.findings.some(function (r) { return r.fresh; })) { marked.unshift(tag(say('新增', 'new'))); }
  var many = c.findings.length > 1 ? say(c.findings.length + ' 条', c.findings.length + ' findings') : '';
  var mixed = form.elements.sort.value && !form.elements.list.value ? data.lists[c.list] : '';
  var does = [mixed, c.stage, words(c.bureau, data.bureaus), many];
  var summary = make('summary', {}, [
    make('span', { 'class': 'sev ' + (c.severity || 'open'), text: c.severity ? data.severities[c.severity] : data.lists[c.list] }),
    make('span', { 'class': 'what' }, [
      make('b', { text: title(c) })
    ].concat(marked, [
      make('span', { 'class': 'does', text: does.filter(Boolean).join(' · ') }),
      make('span', { 'class': 'who', text: place })
    ])),
    make('span', { 'class': 'amounts' }, amounts(c.list, c).map(function (a) { return make('span', { text: a }); }))
  ]);
  var e = make('details', { 'class': 'case ' + c.list, 'data-case': c.at }, [summary]);
  e.fill = function () { if (!e.querySelector('.story')) { e.appendChild(story(c)); } };
  e.addEventListener('toggle', function () { if (e.open) { e.fill(); } });
  summary.addEventListener('click', function () { if (!e.open) { e.fill(); arrive(address(c)); } });
  return e;
}

function steps(c) { // its findings in the order of the story
  return c.findings.slice().sort(function (a, b) {
    return PLACE[a.rule] - PLACE[b.rule] || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0) || (a.key < b.key ? -1 : 1);
  });
}
function story(c) {
  var parts = [], stage = null, first = null;
  if (c.stood) { parts = parts.concat(texts(say('上次议定：', 'Decided last: ') + c.stood)); }
  var others = cases.filter(function (o) { return o !== c && o.key === c.key && o.subject === c.subject; });
  if (others.length) {
    var links = others.map(function (o) { return make('a', { href: address(o) + query(), text: data.lists[o.list] }); });
    parts.push(make('p', { 'class': 'also' }, [make('span', { text: say('同一对象还在：', 'Also on: ') })].concat(links)));
  }
  if (c.list === 'undetermined') { parts.push(make('p', { text: c.message })); }
  steps(c).forEach(function (r) {
    if (STAGE[r.rule] !== stage) { stage = STAGE[r.rule]; if (stage) { parts.push(make('h4', { 'class': 'stage', text: stage })); } }
    var e = finding(r);
    if (r.rule === c.leads && !first || c.findings.length === 1) { first = e; }
    parts.push(e);
  });
  if (first) { first.fill(); first.open = true; } // what its amounts are of
  if (!c.findings.length) {
    var rest = say('逐条见 findings.csv', 'each finding is in findings.csv');
    parts.push(make('p', { text: c.message }), make('p', { 'class': 'quiet', text: rest }));
  }
  return make('div', { 'class': 'story' }, parts);
}

// --- what is shown, and its sums
function added(some) {
  var sums = { lines: 0, area: null, yuan: null, least: null, unpriced: 0 };
  some.forEach(function (c) {
    sums.lines += 1;
    ['area', 'yuan', 'least'].forEach(function (n) { if (c[n] !== null) { sums[n] = (sums[n] || 0) + c[n]; } });
    if (c.area !== null && c.yuan === null) { sums.unpriced += 1; }
  });
  return sums;
}
function tell(f) {
  var by = {}, gone = f.state ? 0 : dismissed;
  found.forEach(function (c) { (by[c.list] = by[c.list] || []).push(c); });
  status.textContent = say('共 ' + count(found.length) + ' 行', count(found.length) + (found.length === 1 ? ' line' : ' lines')) +
    (gone ? say('，另有不予认定 ' + count(gone) + ' 条未列（按决定筛选可看）',
      '; ' + count(gone) + ' dismissed not listed (choose them by decision)') : '') +
    (data.total > cases.length ? say(
      '（本页有各名单最重的，共 ' + count(cases.length) + ' 行；全部 ' + count(data.total) + ' 行见 findings.csv）',
      ' (of the ' + count(cases.length) + ' here, the worst of every list; all ' + count(data.total) + ' are in findings.csv)'
    ) : '');
  sumsBox.textContent = '';
  Object.keys(data.lists).forEach(function (code) {
    if (!by[code]) { return; }
    var sums = added(by[code]), isKnown = data.amounts[code] || code === 'undetermined';
    var parts = isKnown ? amounts(code, sums) : [];
    if (code === 'violations' && sums.unpriced) {
      parts.push(say(count(sums.unpriced) + ' 行没有折资额，未计', count(sums.unpriced) + ' without a sum in lieu not counted'));
    }
    sumsBox.appendChild(make('li', { 'class': code, 'data-list': code }, [
      make('b', { text: data.lists[code] + ' ' + count(sums.lines) }), make('span', { text: parts.join(say('，', ', ')) })
    ]));
  });
}
function fill(end) { // adds the lines that are not there yet, and no more than that
  var there = box.querySelectorAll('details.case').length, piece = document.createDocumentFragment();
  found.slice(there, end).forEach(function (c, i) {
    var before = found[there + i - 1];
    if (!form.elements.sort.value && (!before || before.list !== c.list)) {
      var shape = make('span', { 'class': 'shape', 'aria-hidden': 'true' });
      piece.appendChild(make('h3', { 'class': 'of ' + c.list }, [shape, make('span', { text: data.lists[c.list] })]));
    }
    piece.appendChild(line(c));
  });
  box.appendChild(piece);
  var left = found.length - Math.min(end, found.length), next = Math.min(PAGE, left);
  more.hidden = !left;
  more.textContent = say('再列 ' + next + ' 行（还有 ' + count(left) + ' 行）', next + ' more of ' + count(left));
}
function render() {
  var f = chosen();
  found = ordered(f);
  tell(f);
  box.textContent = '';
  fill(shown);
  if (!found.length) { box.appendChild(advice(f)); }
  var of = [];
  found.forEach(function (c) { c.findings.forEach(function (r) { of.push(r); }); });
  map.paint(of, f);
}
function lineOf(c) { return box.querySelector('details.case[data-case="' + c.at + '"]'); }
