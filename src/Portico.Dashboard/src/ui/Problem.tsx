/** Says why there is no page, and offers to load it again. */
export function Problem({ title, text }: { title: string; text: string }) {
  return (
    <div class="empty" role="alert">
      <h1>{title}</h1>
      <p>{text}</p>
      <div class="buttons"><button type="button" class="primary" onClick={() => location.reload()}>Load again</button></div>
    </div>
  );
}
