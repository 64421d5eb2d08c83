export function NotFoundPage({ text = 'There is no page at this address.' }: { text?: string }) {
  return (
    <div class="empty">
      <h1>Not found</h1>
      <p>{text}</p>
      <p><a href="/">All services</a></p>
    </div>
  );
}
