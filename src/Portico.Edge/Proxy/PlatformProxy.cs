using System.Net.Sockets;
using Portico.Edge.Hosting;
using Portico.Edge.Model;
using Portico.Edge.Pages;
using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>Proxies requests for the platform's own hosts to the Unix socket of the server.</summary>
internal sealed class PlatformProxy
{
    private readonly IHttpForwarder _forwarder;
    private readonly HttpMessageInvoker _invoker;

    public PlatformProxy(IHttpForwarder forwarder, ModelStore store)
    {
        _forwarder = forwarder;
        _invoker = ForwarderFactory.CreateInvoker((_, cancellationToken) =>
            UpstreamConnector.OpenStreamAsync(new UnixDomainSocketEndPoint(store.Current.ServerSocket), cancellationToken));
    }

    public async Task HandleAsync(EdgeContext context)
    {
        context.Bytes.CountRequest(context.Http);
        if (await TrySendAsync(context) || !RequestKind.CanAnswer(context.Http))
            return;
        // A server that restarts has closed its idle connections, and one of them may have been used before that was noticed.
        if (context.Attempt.IsSent && RequestKind.IsRepeatable(context.Http))
        {
            context.Http.Response.Clear();
            if (await TrySendAsync(context) || !RequestKind.CanAnswer(context.Http))
                return;
        }
        await context.AnswerAgainAsync(ErrorPages.ServerAway);
    }

    private async ValueTask<bool> TrySendAsync(EdgeContext context) => await _forwarder.SendAsync(
        context.Http, "http://server", _invoker, RequestKind.ConfigFor(context.Http.Request), context.Transformer) == ForwarderError.None;
}
