// Turns the still map into a live one where the browser can draw it. Everything it needs is in
// the page: it asks nothing of the network.
"use strict";
(function () {
  const figure = document.getElementById("map-figure");
  const frame = figure.querySelector(".frame");
  const key = figure.querySelector(".key");
  const told = JSON.parse(document.getElementById("map-data").textContent);
  const layersOf = (id) => told.style.layers.filter((layer) => layer.metadata?.layer === id);

  const map = start();
  if (!map) return;
  map.on("styleimagemissing", (event) => drawImage(map, event.id));
  map.on("idle", () => { figure.dataset.state = "drawn"; });
  map.on("webglcontextlost", () => show(false));
  map.on("click", "stops", (event) => tell(event.features[0]));
  map.on("mouseenter", "stops", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "stops", () => { map.getCanvas().style.cursor = ""; });
  figure.map = map;
  key.addEventListener("change", (event) => toggle(event.target));
  document.querySelectorAll("[data-place]").forEach(makeButton);

  function start() {
    show(true);
    try {
      const live = new maplibregl.Map({
        container: "live-map",
        style: told.style,
        bounds: told.bounds,
        fitBoundsOptions: { padding: 48 },
        locale: told.locale,
        attributionControl: { customAttribution: escaped(told.attribution), compact: false },
        cooperativeGestures: true,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        maxZoom: 16,
      });
      live.touchZoomRotate.disableRotation();
      live.keyboard.disableRotation();
      live.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-left");
      live.addControl(new maplibregl.ScaleControl(), "bottom-left");
      live.getCanvas().setAttribute("aria-label", told.label);
      return live;
    } catch {
      show(false);
      return null;
    }
  }

  function show(live) {
    figure.classList.toggle("is-live", live);
    frame.hidden = !live;
    key.hidden = !live;
  }

  function escaped(text) {
    const holder = document.createElement("span");
    holder.textContent = text;
    return holder.innerHTML;
  }

  function toggle(box) {
    for (const layer of layersOf(box.dataset.layer)) {
      map.setLayoutProperty(layer.id, "visibility", box.checked ? "visible" : "none");
    }
    const shown = [...key.querySelectorAll("input:checked")].map(
      (input) => input.dataset.layer.replace("circuit-", ""));
    const called = shown.map((letter) => ["in", letter, ["get", "circuits"]]);
    map.setFilter("stops", ["any", ...called]);
  }

  // Every stop named in a table can be found on the map, by mouse or by keyboard.
  function makeButton(name) {
    const stop = told.style.sources.stops.data.features.find(
      (feature) => feature.properties.places.includes(name.dataset.place));
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name.textContent;
    button.title = told.find;
    button.className = "place";
    button.dataset.place = name.dataset.place;
    button.addEventListener("click", () => {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      figure.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
      map.jumpTo({ center: stop.geometry.coordinates, zoom: Math.max(map.getZoom(), 12) });
      tell(stop);
    });
    name.replaceWith(button);
  }

  let popup = null;
  function tell(stop) {
    const words = document.createElement("div");
    const calls = stop.properties.calls; // text where the map hands it out, a list in our data
    for (const call of typeof calls === "string" ? JSON.parse(calls) : calls) {
      const line = words.appendChild(document.createElement("p"));
      line.appendChild(document.createElement("b")).textContent = call.badge;
      line.append(` ${call.name}`, document.createElement("br"), call.when);
    }
    if (popup) popup.remove();
    popup = new maplibregl.Popup({ offset: 12, maxWidth: "280px" })
      .setLngLat(stop.geometry.coordinates)
      .setDOMContent(words)
      .addTo(map);
  }

  // Words and shapes are images, for glyphs and sprites would have to be fetched.
  function drawImage(live, name) {
    const [kind, ...rest] = name.split(":");
    const draw = { text: drawText, badge: drawBadge, shape: drawShape }[kind];
    if (draw) live.addImage(name, draw(rest), { pixelRatio: 2 });
  }

  function canvas(width, height) {
    const sheet = document.createElement("canvas");
    sheet.width = 2 * Math.ceil(width);
    sheet.height = 2 * Math.ceil(height);
    const pen = sheet.getContext("2d");
    pen.scale(2, 2);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    const image = () => pen.getImageData(0, 0, sheet.width, sheet.height);
    return { pen, image, x: sheet.width / 4, y: sheet.height / 4 };
  }

  function widthOf(text, font) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = font;
    return pen.measureText(text).width;
  }

  function drawText(parts) {
    const text = parts.join(":");
    const font = "12px system-ui, sans-serif";
    const { pen, image, x, y } = canvas(widthOf(text, font) + 8, 18);
    pen.font = font;
    pen.lineWidth = 3.5;
    pen.strokeStyle = "#f7f5f0";
    pen.fillStyle = "#1d2730";
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
    return image();
  }

  function drawBadge([fill, ...parts]) {
    const text = parts.join(":");
    const font = "700 12px system-ui, sans-serif";
    const width = Math.max(widthOf(text, font) + 12, 22);
    const { pen, image, x, y } = canvas(width + 4, 24);
    pen.font = font;
    pen.beginPath();
    pen.roundRect(x - width / 2, y - 10, width, 20, 9);
    pen.fillStyle = fill;
    pen.fill();
    pen.lineWidth = 1.5;
    pen.strokeStyle = "#ffffff";
    pen.stroke();
    pen.fillStyle = "#ffffff";
    pen.fillText(text, x, y + 0.5);
    return image();
  }

  function drawShape([fill, stroke, width, path]) {
    const { pen, image, x, y } = canvas(32, 32);
    const outline = new Path2D(path);
    pen.translate(x, y);
    pen.fillStyle = fill;
    pen.fill(outline);
    if (stroke) {
      pen.lineWidth = Number(width);
      pen.strokeStyle = stroke;
      pen.stroke(outline);
    }
    return image();
  }
})();
