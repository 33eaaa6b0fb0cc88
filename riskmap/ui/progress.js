/* How far long work has come; asks the page to look again while nothing else runs. */
const LOOK_MS = 600;

function idle() {
  const app = document.querySelector("[data-testid=stApp]");
  return !app || app.dataset.testScriptState === "notRunning";
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const host = parentElement.querySelector(".rm-progress");
  const bar = host.querySelector("progress"), stop = host.querySelector("button");
  host.lang = data.lang;
  host.querySelector(".rm-told").textContent = data.told;
  bar.max = data.total;
  bar.value = data.done;
  bar.setAttribute("aria-label", data.told);
  stop.textContent = data.stop;
  stop.disabled = !data.can_stop;
  stop.onclick = () => setTriggerValue("stop", true);
  clearInterval(host.timer);
  host.timer = setInterval(function () {
    if (!host.isConnected) clearInterval(host.timer);
    // a look while the page still runs would make it begin again
    else if (idle()) setTriggerValue("look", Date.now());
  }, LOOK_MS);
}
