/* Mounts the map in a Streamlit page: loads the bundle once, builds the map with the
   script that folium wrote, then hands every new state to the face. */
const loading = (window.riskmapLoading = window.riskmapLoading || {});

function once(address, make) {
  loading[address] =
    loading[address] ||
    new Promise((done, fail) => {
      const element = make();
      element.onload = () => done();
      element.onerror = () => {
        delete loading[address];
        element.remove();
        fail(new Error(address));
      };
      document.head.appendChild(element);
    });
  return loading[address];
}

const script = (address) =>
  once(address, () => Object.assign(document.createElement("script"), { src: address }));
const style = (address) =>
  once(address, () =>
    Object.assign(document.createElement("link"), { rel: "stylesheet", href: address })
  );

/* Between a click on the navigation and the start of the next page, whatever the map
   tells (it tells its view a moment late) would run the page that is being left, and
   Streamlit then draws neither. A click that leads nowhere is forgotten. */
const LEAVING_MS = 10_000;
let leaving = { to: "", at: -Infinity };
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[href]");
    const apart = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || link.target === "_blank" || apart) return;
    leaving = { to: link.pathname, at: performance.now() };
  },
  { capture: true }
);

function isLeft(host) {
  if (!host.isConnected || host.page !== location.pathname) return true;
  return leaving.to !== host.page && performance.now() - leaving.at < LEAVING_MS;
}

function build(host, data, emit) {
  if (host.face) {
    host.face.watcher.disconnect();
    host.face.map.remove();
  }
  // a page that is being left may still hold its map
  const before = document.getElementById("map_riskmap");
  if (before) before.removeAttribute("id");
  const box = host.querySelector(".rm-main");
  const map = document.createElement("div");
  map.id = "map_riskmap";
  map.className = "folium-map rm-map";
  box.replaceChildren(map);
  const side = {
    card: host.querySelector(".rm-card"),
    zones: host.querySelector(".rm-zone-list"),
    table: host.querySelector(".rm-cell-list"),
    found: host.querySelector(".rm-found"),
  };
  const parts = window.riskmap.builders[data.map]();
  host.face = new window.riskmap.Face(parts, side, emit);
  host.built = data.map;
  window.riskmap.face = host.face;
}

async function show(host, data, emit) {
  const shell = host.querySelector(".rm-shell");
  shell.style.height = data.height + "px";
  shell.classList.toggle("rm-places", Boolean(data.state.places));
  await Promise.all([style(data.style), script(data.bundle)]);
  await script(data.map);
  if (host.built !== data.map) {
    if (host.face) data.state.view = null;
    build(host, data, emit);
  }
  host.face.emit = emit;
  await host.face.update(data.state);
}

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  // a file is told once, not kept and sent again at every choice
  const tell = (name, value) => {
    if (isLeft(host)) return;
    (name === "file" ? setTriggerValue : setStateValue)(name, value);
  };
  const host = parentElement.querySelector(".rm-host");
  host.page = location.pathname;
  const note = host.querySelector(".rm-trouble");
  // one state after the other; the last one wins
  host.queue = (host.queue || Promise.resolve())
    .then(() => show(host, data, tell))
    .then(() => (note.hidden = true))
    .catch((error) => {
      note.hidden = false;
      note.textContent = data.trouble;
      console.error(error);
    });
}
