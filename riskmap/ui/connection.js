/* Says on every page when the server does not answer; Streamlit's own box is English
   and lies over a map that still works. */
export default function (component) {
  const { data, parentElement } = component;
  const note = parentElement.querySelector(".rm-lost");
  const app = document.querySelector("[data-testid=stApp]");
  const look = () => {
    const here = app.dataset.testConnectionState === "CONNECTED";
    // what was chosen on the map meanwhile is told once the page is drawn anew
    if (!here && window.riskmap && window.riskmap.face) window.riskmap.face.lost = true;
    note.hidden = here;
    // a reader says what was put in while it was shown
    note.textContent = here ? "" : data.text;
  };
  if (note.watcher) note.watcher.disconnect();
  note.watcher = new MutationObserver(look);
  note.watcher.observe(app, { attributeFilter: ["data-test-connection-state"] });
  look();
}
