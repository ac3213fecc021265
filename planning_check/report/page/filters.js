// What is chosen: it stands in the address, and narrows and sorts the list.
var form = document.querySelector('form.filters');
var FILTERS = ['list', 'severity', 'rule', 'city', 'district', 'community', 'bureau', 'robust', 'state', 'developer', 'text', 'sort'];
// only the page of a province has cities: its districts are those of the city that is chosen
if (!form.elements.city) { FILTERS.splice(FILTERS.indexOf('city'), 1); }
// what was dismissed accuses nobody any more: it is shown where it is asked for
var dismissed = rows.filter(function (r) { return r.state === 'dismissed'; }).length;

function options(name, pairs, all) {
  var select = form.elements[name];
  select.appendChild(make('option', { value: '', text: all || say('全部', 'all') }));
  pairs.forEach(function (p) { select.appendChild(make('option', { value: p[0], text: p[1] })); });
}
function there(values) {
  var seen = {};
  cases.forEach(function (c) { [].concat(values(c)).forEach(function (v) { if (v) { seen[v] = 1; } }); });
  return seen;
}
function known(of, values) { // of the words for codes those that occur
  var seen = there(values);
  return Object.keys(of).filter(function (k) { return seen[k]; }).map(function (k) { return [k, of[k]]; });
}
function sortedNames(of) { return Object.keys(there(of)).sort().map(function (d) { return [d, d]; }); }
function narrow() {
  var city = form.elements.city, select = form.elements.district, was = select.value;
  select.textContent = '';
  options('district', city && !city.value ? [] : sortedNames(function (c) { return city && c.city !== city.value ? '' : c.district; }),
    city && !city.value ? say('先选城市', 'choose a city first') : '');
  select.disabled = Boolean(city && !city.value);
  select.value = was;
  if (select.selectedIndex < 0) { select.selectedIndex = 0; }
}
function offer() {
  options('list', known(data.lists, function (c) { return c.list; }));
  options('severity', known(data.severities, function (c) { return c.severity; }));
  options('rule', Object.keys(there(function (c) { return c.rules; })).sort().map(function (r) { return [r, r + ' ' + data.rules[r]]; }));
  if (form.elements.city) { options('city', sortedNames(function (c) { return c.city; })); }
  narrow();
  options('bureau', known(data.bureaus, function (c) { return c.bureau.split(','); }));
  options('robust', known(data.robustness, function (c) { return c.robust; }).concat(
    cases.some(function (c) { return c.marginal; }) ? [['marginal', say('微差', 'marginal')]] : []));
  options('state', known(data.states, function (c) { return c.states; }));
  options('sort', [['area', say('面积', 'area')], ['yuan', say('金额', 'money')], ['name', say('名称', 'name')]], say('轻重', 'gravity'));
  ['community', 'developer'].forEach(function (name) {
    Object.keys(there(function (c) { return c[name]; })).sort().slice(0, 800).forEach(function (d) {
      document.getElementById(name + '-names').appendChild(make('option', { value: d }));
    });
  });
}
function chosen() {
  var f = {};
  FILTERS.forEach(function (n) { var v = form.elements[n].value.trim(); if (v && n !== 'sort') { f[n] = v; } });
  return f;
}
function query() {
  var f = chosen(), parts = Object.keys(f);
  if (form.elements.sort.value) { f.sort = form.elements.sort.value; parts.push('sort'); }
  return parts.length ? '?' + parts.map(function (k) { return k + '=' + encodeURIComponent(f[k]); }).join('&') : '';
}
var others = form.querySelector('details.others'), FIRST = ['text', 'list', 'sort'];
others.open = window.innerWidth > 832;
function set(wanted) {
  FILTERS.forEach(function (n) {
    form.elements[n].value = wanted[n] || '';
    if (n === 'city') { narrow(); }
  });
  if (FILTERS.some(function (n) { return form.elements[n].value && FIRST.indexOf(n) < 0; })) { others.open = true; }
}

function has(text, part) { return text.toLowerCase().indexOf(part) >= 0; }
function textOf(c) { // made once for a line, when a text is looked for
  if (!c.all) {
    c.all = [data.lists[c.list], c.key, c.name, c.city, c.district, c.community, c.developer, data.severities[c.severity], c.stage,
      words(c.bureau, data.bureaus), c.marks, c.message, c.stood, c.rules.join(' ')
    ].concat(c.rules.map(function (r) { return data.rules[r] || ''; }), c.findings.map(function (r) {
      return [r.rule === c.leads ? '' : r.message, r.key, r.name, r.status, r.robust === 'fragile' ? data.robustness.fragile : '',
        r.state === 'open' ? '' : data.states[r.state]].join(' ');
    })).join(' ').toLowerCase();
  }
  return c.all;
}
function fits(c, f) {
  if (f.list && c.list !== f.list || f.severity && c.severity !== f.severity || f.district && c.district !== f.district) { return false; }
  if (f.city && c.city !== f.city) { return false; }
  if (f.rule && c.rules.indexOf(f.rule) < 0 || f.bureau && c.bureau.split(',').indexOf(f.bureau) < 0) { return false; }
  if (f.robust && (f.robust === 'marginal' ? !c.marginal : c.robust !== f.robust)) { return false; }
  if (f.state ? c.states.indexOf(f.state) < 0 : c.dismissed) { return false; }
  if (f.community && !has(c.community, f.community.toLowerCase())) { return false; }
  if (f.developer && !has(c.developer, f.developer.toLowerCase())) { return false; }
  if (!f.text) { return true; }
  var all = textOf(c);
  return f.text.toLowerCase().split(/\s+/).every(function (w) { return all.indexOf(w) >= 0; });
}
var sorted = {};
function inOrder(by) { // all lines in an order; what is not known comes last
  if (!by) { return cases; }
  if (!sorted[by]) {
    var compare = new Intl.Collator(zh ? 'zh' : 'en', { numeric: true }).compare;
    sorted[by] = cases.slice().sort(function (a, b) {
      var least = by === 'name' ? compare(title(a), title(b)) : (a[by] === null) - (b[by] === null) || b[by] - a[by];
      return least || a.at - b.at;
    });
  }
  return sorted[by];
}
function ordered(f) { return inOrder(form.elements.sort.value).filter(function (c) { return fits(c, f); }); }

// nothing fits: what would
function advice(f) {
  var parts = [make('b', { text: say('没有符合这些条件的行。', 'No line fits.') })], names = Object.keys(f);
  if (f.text && names.length > 1) {
    var n = cases.filter(function (c) { return fits(c, { text: f.text }); }).length;
    if (n) {
      var alone = say('只按文字“' + f.text + '”找：' + count(n) + ' 行', 'By the text "' + f.text + '" alone: ' + count(n));
      parts.push(button(alone, function () { set({ text: f.text, sort: form.elements.sort.value }); changed(); }));
    }
  }
  if (f.text) {
    parts.push(make('p', { text: say(
      '文字可以是编号、名称、区县、社区、企业、规则、程度、注意（如“不稳”“微差”）；几个词用空格隔开，须都有。',
      'The text may be an id, a name, a place, a developer, a rule, a severity or a mark; several words must all be there.'
    ) }), make('p', { text: say(
      '名单上只有查出问题的和未能判定的；都符合的不在其中。逐条规则看某一对象：planning-check explain 规则 编号',
      'The lists have what failed or could not be judged; what passes is not on them. To look one up: planning-check explain RULE KEY'
    ) }));
  }
  parts.push(button(say('清除筛选', 'clear the filters'), function () { set({}); changed(); }));
  return make('div', { 'class': 'advice' }, parts);
}
function changed() { shown = PAGE; history.replaceState(null, '', '#' + query()); render(); }
form.addEventListener('input', function (e) {
  if (e.target.name === 'city') { narrow(); }
  changed();
});
form.addEventListener('submit', function (e) { e.preventDefault(); });
form.addEventListener('reset', function (e) { e.preventDefault(); set({}); changed(); });
