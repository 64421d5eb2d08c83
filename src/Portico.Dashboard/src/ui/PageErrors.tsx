import { Component, type ComponentChildren } from 'preact';
import { Problem } from './Problem';

interface Props {
  /** The path: an error is over when it changes. */
  readonly at: string;
  readonly children: ComponentChildren;
}

/** Keeps an error of one page from ending the others, and says that there is one. */
export class PageErrors extends Component<Props, { readonly error: Error | null }> {
  override state = { error: null as Error | null };

  override componentDidCatch(error: Error): void {
    console.error(error);
    this.setState({ error });
  }

  override componentDidUpdate(before: Props): void {
    if (before.at !== this.props.at && this.state.error !== null) this.setState({ error: null });
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <Problem title="This page has an error" text={`${this.state.error.message}. The other pages work.`} />;
  }
}
