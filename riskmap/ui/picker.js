/* A file of this computer, chosen and sent once; all words are given. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const host = parentElement.querySelector(".rm-picker");
  const input = host.querySelector("input"), name = host.querySelector(".rm-file");
  const label = host.querySelector("label"), told = host.querySelector(".rm-told");
  host.lang = data.lang;
  label.textContent = data.choose;
  host.querySelector(".rm-limit").textContent = data.limit;
  input.accept = data.accept;
  name.textContent = data.file || data.none;
  function refuse(text) {
    told.textContent = text;
    input.value = "";
  }
  async function send(file) {
    if (!file) return;
    if (file.size > data.most) return refuse(data.large);
    if (!file.size) return refuse(data.empty);
    told.textContent = data.sending;
    const reader = new FileReader();
    reader.onerror = () => refuse(data.failed);
    reader.onload = () => {
      told.textContent = "";
      // the same file may be chosen again after it was mended
      input.value = "";
      setTriggerValue("file", { name: file.name, data: reader.result.split(",", 2)[1] });
    };
    reader.readAsDataURL(file);
  }
  input.onchange = () => send(input.files[0]);
  host.ondragover = (event) => event.preventDefault();
  host.ondrop = (event) => {
    event.preventDefault();
    send(event.dataTransfer.files[0]);
  };
}
