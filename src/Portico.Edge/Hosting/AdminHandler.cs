using System.Text.Json;
using Portico.Core.Routing;
using Portico.Edge.Model;
using Portico.Edge.Relay;

namespace Portico.Edge.Hosting;

/// <summary><c>GET /status</c> on the admin socket.</summary>
internal sealed class AdminHandler(ModelStore store, InFlightRegistry registry, SnapshotLoader loader, InternalListeners listeners)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path != "/status" || !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var body = JsonSerializer.SerializeToUtf8Bytes(Read(), RoutingJson.Default.EdgeStatus);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <remarks>
    /// The model is read before the counters: a request that was counted on an older model after this would see the newer one
    /// and choose again. So "this version, none in flight" means that the instance may be stopped.
    /// </remarks>
    private EdgeStatus Read()
    {
        var model = store.Current;
        Interlocked.MemoryBarrier();
        var busy = registry.CountBusy();
        return new EdgeStatus(model.Version, Environment.ProcessId, loader.Refused, busy)
        {
            Problems = [.. model.Problems, .. listeners.Problems],
        };
    }
}
