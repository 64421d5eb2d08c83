using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portico.Core.Routing;
using Portico.Edge.Connections;
using Portico.Edge.Handover;
using Portico.Edge.Model;
using Portico.Hosting.Metrics;

namespace Portico.Edge.Hosting;

/// <summary>Answers <c>GET /status</c>, <c>GET /wakes</c> and <c>GET /metrics</c> on the admin socket.</summary>
/// <param name="stopping">Ends the waiting for wakes when the edge stops or has handed over.</param>
internal sealed class AdminHandler(
    EdgeStatusReader status, WakeRequests wakes, EdgeMetrics metrics, Predecessors predecessors, ClientConnections connections,
    CancellationToken stopping)
{
    public Task HandleAsync(HttpContext context)
    {
        var path = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path.Value : null;
        switch (path)
        {
            case "/metrics":
                return AnswerAsync(context, Encoding.UTF8.GetBytes(metrics.Write()), PrometheusExporter.ContentType);
            case "/status" when context.Request.Query.ContainsKey("own"):
                return AnswerAsync(context, status.Read(), RoutingJson.Default.EdgeStatus);
            case "/status" or "/wakes" when connections.IsClosing:
                // The successor answers for both edges, on another connection.
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            case "/status":
                return AnswerForAllAsync(context);
            case "/wakes":
                return WaitAsync(context);
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    private async Task AnswerForAllAsync(HttpContext context) =>
        await AnswerAsync(context, await predecessors.AddToAsync(status.Read()), RoutingJson.Default.EdgeStatus);

    private async Task WaitAsync(HttpContext context)
    {
        _ = long.TryParse(context.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var after);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        await AnswerAsync(context, await wakes.WaitAsync(after, end.Token), RoutingJson.Default.EdgeWakes);
    }

    private static Task AnswerAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type) =>
        AnswerAsync(context, JsonSerializer.SerializeToUtf8Bytes(answer, type), "application/json");

    private static async Task AnswerAsync(HttpContext context, byte[] body, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
