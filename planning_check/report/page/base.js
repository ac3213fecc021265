// What all parts of the page use: its data, words, numbers and elements.
var zh = document.documentElement.lang !== 'en';
function say(a, b) { return zh ? a : b; }
var data = JSON.parse(document.getElementById('data').textContent);
// the words for codes, in the order of their pairs: data.lists.violations
Object.keys(data.words).forEach(function (name) {
  data[name] = {};
  data.words[name].forEach(function (pair) { data[name][pair[0]] = pair[1]; });
});

// a line of a list: see listed._case; amounts are hundredths, null where not known
var CASE = ['list', 'subject', 'key', 'name', 'district', 'community', 'developer', 'severity', 'rules', 'leads', 'stage', 'bureau',
  'marks', 'robust', 'marginal', 'area', 'yuan', 'least', 'stood', 'dismissed', 'states', 'message', 'city'];
// one of its findings: see listed._row
var FINDING = ['id', 'of', 'rule', 'severity', 'status', 'subject', 'key', 'name', 'area', 'yuan', 'message', 'cure', 'project', 'fresh',
  'robust', 'piece', 'state', 'stood', 'again', 'waived'];
function named(names, values) { var o = {}; names.forEach(function (n, i) { o[n] = values[i]; }); return o; }
var cases = data.cases.map(function (values, i) {
  var c = named(CASE, values);
  c.city = c.city || ''; c.at = i; c.findings = []; c.rules = c.rules.split(' '); c.states = c.states ? c.states.split(' ') : [];
  return c;
});
var rows = data.rows.map(function (values) {
  var r = named(FINDING, values), c = cases[r.of];
  r.of = c; r.list = c.list; r.name = r.name || c.name; c.findings.push(r);
  if (c.states.indexOf(r.state) < 0) { c.states.push(r.state); }
  return r;
});
cases.forEach(function (c) { if (!c.states.length) { c.states.push('open'); } });
var PLACE = {}, STAGE = {};
data.story.forEach(function (stage, i) { stage[1].forEach(function (rule) { PLACE[rule] = i; STAGE[rule] = stage[0]; }); });

function make(tag, attributes, children) {
  var e = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (k) {
    if (k === 'text') { e.textContent = attributes[k]; } else { e.setAttribute(k, attributes[k]); }
  });
  (children || []).forEach(function (c) { if (c) { e.appendChild(c); } });
  return e;
}
function button(text, act) {
  var b = make('button', { type: 'button', text: text });
  b.addEventListener('click', act);
  return b;
}
function count(n) { return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ','); }
function exact(hundredths) { // 123450 is 1,234.50
  var whole = Math.floor(Math.abs(hundredths) / 100), rest = Math.abs(hundredths) % 100;
  return (hundredths < 0 ? '-' : '') + count(whole) + '.' + (rest < 10 ? '0' : '') + rest;
}
function words(codes, of) {
  return codes.split(',').filter(Boolean).map(function (code) { return of[code] || code; }).join(say('、', ', '));
}
// the amounts of a line, or of the sums of some: { area, yuan, least }
function amounts(list, sums) {
  var told = data.amounts[list], parts = [];
  if (list === 'undetermined') {
    return sums.yuan ? [say('涉及 ', 'at stake ') + between(sums.least || 0, sums.yuan)] : [];
  }
  if (!told) {
    return [sums.area === null ? '' : exact(sums.area) + ' ㎡', sums.yuan === null ? '' : money(sums)].filter(Boolean);
  }
  told.forEach(function (one) { // the fields of an amount, its head, whether it is money
    if (!one[2] && sums.area !== null) { parts.push(one[1].replace('㎡', exact(sums.area) + ' ㎡')); }
    if (one[2] && sums.yuan !== null) { parts.push(one[0].length > 1 ? money(sums) : one[1] + ' ' + money(sums)); }
  });
  return parts;
}
function between(low, high) { return exact(low) + ' - ' + exact(high) + say(' 元', ' yuan'); }
function money(sums) {
  if (sums.least === null || sums.least === sums.yuan) { return exact(sums.yuan) + say(' 元', ' yuan'); }
  return say('最低 ' + exact(sums.least) + ' - 最高 ' + exact(sums.yuan) + ' 元',
    'lowest ' + exact(sums.least) + ' - highest ' + exact(sums.yuan) + ' yuan');
}
