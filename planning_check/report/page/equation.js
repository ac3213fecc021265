// How the amounts of a finding come about: a line of arithmetic; each of its numbers opens to the cells, the law or the formula it is from.
function numberFrom(one) {
  var parts = [make('b', { text: one.label + say('：', ': ') + one.text })];
  var cells = one.cells.map(function (c) {
    return make('li', {}, [make('span', { text: c[0] + (c[1] ? ' ' + c[1] : '') + ' ' }), make('q', { text: c[2] }),
      c[3] ? make('span', { text: ' ' + c[3] }) : null]);
  });
  if (one.more) { cells.push(make('li', { text: say('另有 ' + one.more + ' 格', one.more + ' more cells') })); }
  if (cells.length) { parts.push(make('ul', {}, cells)); }
  if (one.cite) { parts.push(make('p', { text: say('依据：', 'law: ') + one.cite })); }
  if (one.formula) { parts.push(make('p', {}, [make('code', { text: one.formula })])); }
  if (!cells.length && !one.cite && !one.formula) { parts.push(make('p', { text: say('规则里写定的数', 'written in the rule itself') })); }
  return parts;
}
function equationLine(terms, numbers, id) {
  var line = make('p', { 'class': 'equation' }), panels = {}, buttons = [];
  function toggle(place) {
    buttons.forEach(function (b) {
      var isOpen = b.place === place && b.getAttribute('aria-expanded') !== 'true';
      b.setAttribute('aria-expanded', String(isOpen));
    });
    Object.keys(panels).forEach(function (k) {
      panels[k].hidden = !buttons.some(function (b) { return String(b.place) === k && b.getAttribute('aria-expanded') === 'true'; });
    });
  }
  terms.forEach(function (term) {
    if (typeof term === 'string') { line.appendChild(make('span', { 'class': 'sign', text: ' ' + term + ' ' })); return; }
    if (term.length === 1) { line.appendChild(make('b', { 'class': 'result', text: term[0] })); return; }
    var b = make('button', { type: 'button', 'class': 'number', 'aria-expanded': 'false', 'aria-controls': id + '-' + term[1],
      title: numbers[term[1]].label, text: term[0] });
    b.place = term[1];
    b.addEventListener('click', function () { toggle(term[1]); });
    buttons.push(b);
    line.appendChild(b);
    if (!panels[term[1]]) {
      panels[term[1]] = make('div', { 'class': 'from', id: id + '-' + term[1], hidden: '' }, numberFrom(numbers[term[1]]));
    }
  });
  return make('div', { 'class': 'working' }, [line].concat(Object.keys(panels).map(function (k) { return panels[k]; })));
}
// the lines of a finding; the steps on the way, in words and as the rule writes them, folded
function workings(d, id) {
  var parts = d.lines.map(function (terms, i) { return equationLine(terms, d.numbers, id + '-' + i); });
  if (d.steps.length) {
    var rows = d.steps.map(function (s) {
      return make('tr', {}, [make('th', { scope: 'row', text: s[0] }), make('td', { 'class': 'n', text: s[1] }),
        make('td', {}, [make('code', { text: s[2] }), make('code', { 'class': 'rule', text: s[3] })])]);
    });
    parts.push(make('details', { 'class': 'more' }, [make('summary', { text: say('逐步，和规则原式', 'Step by step, and as the rule writes it') }),
      make('table', { 'class': 'pairs steps' }, [make('tbody', {}, rows)])]));
  }
  return parts;
}
