/* How the map is moved, and how far. The plain wheel and one finger belong to the page: Ctrl and the wheel, two fingers, the buttons and
   the keys move the map. It can neither leave what is drawn nor go closer than where a parcel fills it.
   Gives back map, home() and fit(bounds). */
function map_view(holder, bounds, page) {
  var CLOSEST = 18, FITTED = 16, NOTCH = 120, SLACK = 0.4, HINT_MS = 1800, BESIDE = [46, 24];
  var say = page.say, isTouch = window.matchMedia('(pointer: coarse)').matches, turned = 0, hinted = null;
  var map = L.map(holder, {
    attributionControl: false, zoomControl: false, zoomSnap: 0.25, maxZoom: CLOSEST, scrollWheelZoom: false, dragging: !isTouch,
    maxBoundsViscosity: 1, bounceAtZoomLimits: false
  });
  var hint = page.make('p', { 'class': 'map-hint', 'aria-hidden': 'true', hidden: '' });
  function tell(text) {
    hint.textContent = text;
    hint.hidden = false;
    clearTimeout(hinted);
    hinted = setTimeout(function () { hint.hidden = true; }, HINT_MS);
  }
  function go(some, options) { // the fence is that of the scale that one leaves
    options.animate = false;
    map.setMaxBounds(null);
    map.fitBounds(some, options);
    fence();
  }
  // beside the buttons, with room above for a name
  function home() { go(bounds, { paddingTopLeft: BESIDE, paddingBottomRight: [10, 10] }); }
  function fit(some) { go(some, { padding: [40, 40], maxZoom: FITTED }); }
  function limit() { // all of it in sight is as far away as one gets
    map.options.minZoom = 0;
    var least = map.getBoundsZoom(bounds, false, L.point(BESIDE[0] + 10, BESIDE[1] + 10));
    if (map.getZoom() < least) { map.setZoom(least, { animate: false }); } // else Leaflet moves there slowly, after what comes next
    map.setMinZoom(least);
  }
  function fence() { // some of what is drawn stays in sight at every scale
    var slack = map.getSize().multiplyBy(SLACK);
    map.setMaxBounds(L.latLngBounds(
      map.unproject(map.project(bounds.getSouthWest()).add([-slack.x, slack.y])),
      map.unproject(map.project(bounds.getNorthEast()).add([slack.x, -slack.y]))
    ));
  }
  function wheel(e) {
    if (!e.ctrlKey && !e.metaKey) { // two fingers pinching on a pad come as a wheel with Ctrl
      tell(say('按住 Ctrl 再滚动，缩放地图', 'Hold Ctrl and scroll to zoom the map'));
      return;
    }
    e.preventDefault();
    var by = L.DomEvent.getWheelDelta(e);
    turned += Math.abs(by) < NOTCH / 8 ? by * 4 : by;
    var steps = Math.trunc(turned / NOTCH / map.options.zoomSnap) * map.options.zoomSnap;
    if (!steps) { return; }
    turned = 0;
    map.setZoomAround(map.mouseEventToContainerPoint(e), map.getZoom() + Math.max(-1, Math.min(1, steps)), { animate: false });
  }
  holder.appendChild(hint);
  holder.addEventListener('wheel', wheel, { passive: false });
  holder.addEventListener('touchmove', function (e) {
    if (isTouch && e.touches.length === 1) { tell(say('用两个手指移动、缩放地图', 'Use two fingers to move and zoom the map')); }
  }, { passive: true });
  holder.addEventListener('keydown', function (e) {
    if (e.key === 'Home' || e.key === '0') { home(); e.preventDefault(); }
  });
  L.control.zoom({ zoomInTitle: say('放大', 'zoom in'), zoomOutTitle: say('缩小', 'zoom out') }).addTo(map);
  var Home = L.Control.extend({
    options: { position: 'topleft' },
    onAdd: function () {
      var b = page.make('a', { href: '#', role: 'button', 'class': 'map-home', title: say('全图', 'whole map'), text: '⌂' });
      b.setAttribute('aria-label', say('全图', 'whole map'));
      L.DomEvent.on(b, 'click', function (e) { L.DomEvent.stop(e); home(); });
      return page.make('div', { 'class': 'leaflet-bar leaflet-control' }, [b]);
    }
  });
  new Home().addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  // on paper the map has the size of the paper, and shows what the screen showed
  var PAPER = ['178mm', '118mm'], kept = null;
  function resize(wide, high) {
    holder.style.width = wide;
    holder.style.height = high;
    map.invalidateSize({ animate: false });
  }
  window.addEventListener('beforeprint', function () {
    kept = { center: map.getCenter(), zoom: map.getZoom() };
    var sight = map.getBounds();
    resize(PAPER[0], PAPER[1]);
    go(sight, {});
  });
  window.addEventListener('afterprint', function () {
    resize('', '');
    map.setView(kept.center, kept.zoom, { animate: false });
  });
  home();
  limit();
  map.on('resize', limit);
  map.on('zoomend resize', fence);
  return { map: map, home: home, fit: fit };
}
