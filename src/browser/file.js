// Reads a file that was chosen in a field, or dropped: its text; null when there is none; undefined when it is larger.
export async function text(event, dropped, limit) {
  const holder = dropped ? event.dataTransfer : event.target;
  const file = holder?.files?.[0];
  if (!file) return null;
  if (file.size > limit) return undefined;
  const text = await file.text();
  if (!dropped) holder.value = "";
  return text;
}
