using System.IO.Pipelines;

namespace Portico.Edge.Connections;

/// <summary>What Kestrel reads from an HTTP/1.1 client and writes to it, with the two things changed that Kestrel cannot do itself.</summary>
internal sealed class Http1Transport(IDuplexPipe inner, ClientConnection client) : IDuplexPipe
{
    public PipeReader Input { get; } = new RequestLineReader(inner.Input, client);

    public PipeWriter Output { get; } = new RejectionWriter(inner.Output, client);
}
