/** Makes bodies of which no two are the same: pods that came before are answered from memory. */
export function numberedBodies(text: string, mark: string): () => Buffer {
  const parts = text.split(mark);
  let sent = 0;
  return () => {
    sent += 1;
    return Buffer.from(parts.join(String(sent).padStart(mark.length, '0')));
  };
}
