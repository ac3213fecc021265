// A finding, and what it opens to: what to do first, then its arithmetic; law, facts and sources folded.
function pairs(caption, list, className) {
  if (!list || !list.length) { return null; }
  var body = make('tbody', {}, list.map(function (p) {
    return make('tr', {}, [make('th', { scope: 'row', text: p[0] })].concat(p.slice(1).map(function (v, i) {
      return make('td', {}, [make(className && i === 0 ? 'code' : 'span', { text: v })]);
    })));
  }));
  return make('table', { 'class': 'pairs ' + (className || '') }, [make('caption', { 'class': 'off', text: caption }), body]);
}
function head(text) { return make('h4', { text: text }); }
function folded(text, parts) { return make('details', { 'class': 'more' }, [make('summary', { text: text })].concat(parts)); }
function texts(told) { return told.split('\n').filter(Boolean).map(function (t) { return make('p', { text: t }); }); }

// how the amounts of a finding come about
function arithmetic(r, d) {
  return d.lines.length || d.steps.length ? [head(say('算式', 'Arithmetic'))].concat(workings(d, 'w' + r.id)) : [];
}
function law(r, d) {
  var told = data.basis[r.rule] || [];
  if (!d.law.length && !d.why.length && !told.length) { return null; }
  var basis = told.map(function (b) { return make('p', { 'class': 'quiet', text: b }); });
  return folded(say('依据', 'Law') + (d.verified ? say('（', ' (') + d.verified + say('）', ')') : ''),
    basis.concat([pairs(say('条款', 'clauses'), d.law), why(d)]));
}
// why this version of the law and not another on file
function why(d) {
  if (!d.why.length) { return null; }
  return make('div', {}, [
    make('p', { text: say('为何适用这一部，不适用别的', 'Why this law and not another') }),
    make('ul', {}, d.why.map(function (w) { return make('li', { text: w }); }))
  ]);
}
function facts(d) {
  if (!d.facts.length && !d.sources.length) { return null; }
  return folded(say('事实和出处', 'Facts and sources'), [
    pairs(say('事实', 'facts'), d.facts),
    d.sources.length ? make('p', { text: say('出自', 'From') }) : null,
    make('ul', {}, d.sources.map(function (s) { return make('li', { text: s }); }))
  ]);
}
function inside(r) {
  var d = data.details[r.id], parts = [];
  if (map.has(r)) {
    parts.push(make('p', { 'class': 'bar' }, [button(say('在地图上看', 'show on the map'), function () { map.show(r); })]));
  }
  parts.push(make('p', { text: r.message }));
  if (r.cure) { parts.push(head(say('怎么办', 'What to do')), make('p', { text: r.cure })); }
  if (data.traps[r.rule]) { parts.push(head(say('何时不宜处理', 'When not to act on it')), make('p', { text: data.traps[r.rule] })); }
  if (r.stood) { parts.push(head(say('案件', 'Case'))); parts = parts.concat(texts(r.stood)); }
  if (d) {
    parts = parts.concat(arithmetic(r, d), [law(r, d), facts(d)]);
  } else {
    parts.push(make('p', { 'class': 'quiet' }, [
      make('span', { text: say('算式、依据和出处：', 'Arithmetic, law and sources: ') }),
      make('code', { text: 'planning-check explain ' + r.rule + ' ' + r.key })
    ]));
  }
  return make('div', { 'class': 'inside' }, parts);
}
function link(r) { return '#' + encodeURIComponent(r.rule) + '/' + encodeURIComponent(r.key); }
function tag(text, className) { return make('span', { 'class': 'tag ' + (className || ''), text: text }); }
function tags(r) {
  var found = [];
  if (r.fresh) { found.push(tag(say('新增', 'new'))); }
  if (r.waived) { found.push(tag(say('豁免至 ', 'waived until ') + r.waived, 'case')); }
  if (r.state !== 'open' || r.again) {
    found.push(tag(r.state === 'open' ? say('重新立案', 'to decide again') : data.states[r.state], 'case ' + r.state));
  }
  if (r.robust === 'fragile') { found.push(tag(data.robustness.fragile)); }
  return found;
}
function whom(r) { return r.name.indexOf(r.key) >= 0 ? r.name : (r.key + ' ' + r.name).trim(); }
function finding(r) {
  var title = r.rule + ' ' + (data.rules[r.rule] || '') + (r.status ? say('：', ': ') + r.status : '');
  var isOpen = r.list === 'undetermined';
  var summary = make('summary', {}, [
    make('span', { 'class': 'sev ' + (isOpen ? 'open' : r.severity), text: isOpen ? say('未判', 'open') : data.severities[r.severity] }),
    make('span', {}, [make('b', { text: title })].concat(tags(r), r.key === r.of.key ? [] : [
      make('br'), make('span', { 'class': 'who', text: whom(r) })
    ])),
    make('span', { 'class': 'amounts' }, [r.area ? r.area + ' ㎡' : '', r.yuan].filter(Boolean).map(function (a) {
      return make('div', { text: a });
    }))
  ]);
  var e = make('details', { 'class': 'finding ' + r.list, 'data-id': r.id }, [summary]);
  e.fill = function () { if (!e.querySelector('.inside')) { e.appendChild(inside(r)); } };
  e.addEventListener('toggle', function () { if (e.open) { e.fill(); } });
  summary.addEventListener('click', function () { if (!e.open) { e.fill(); arrive(link(r)); } });
  return e;
}
