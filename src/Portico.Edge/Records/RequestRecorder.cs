using Portico.Core.Routing;
using Portico.Edge.Hosting;
using Portico.Edge.Model;

namespace Portico.Edge.Records;

/// <summary>Records each request to a service when it ends. It runs on the thread of the request, so it must be cheap and never wait.</summary>
internal sealed class RequestRecorder(RequestLines lines, TrafficCounters traffic, TimeProvider time)
{
    public void Record(EdgeContext context)
    {
        if (context.Route is not { Target: ServiceTarget service } route)
            return;
        var duration = time.GetElapsedTime(context.Arrived, context.Switched ?? time.GetTimestamp());
        var record = Describe(context, route.Host, service.Id, duration);
        var counters = traffic.Of(service.Id);
        counters.Count(record, context.Bytes.WebSocketOut);
        if (!lines.TryAdd(record))
            counters.CountDropped();
    }

    private RequestRecord Describe(EdgeContext context, string host, string serviceId, TimeSpan duration)
    {
        var http = context.Http;
        return new RequestRecord
        {
            Time = time.GetUtcNow() - time.GetElapsedTime(context.Arrived),
            ServiceId = serviceId,
            Host = host,
            Method = http.Request.Method,
            Path = PathOf(http.Request),
            Status = StatusOf(http),
            DurationMicroseconds = duration.Ticks / TimeSpan.TicksPerMicrosecond,
            BytesIn = context.Bytes.In(http.Request),
            BytesOut = context.Bytes.Out(http),
            InstanceId = context.Instance?.Id,
            RequestId = context.RequestId,
            Client = context.Client,
        };
    }

    private static string PathOf(HttpRequest request) => request.Path.Value switch
    {
        { Length: > RequestRecord.LongestPath } path => path[..RequestRecord.LongestPath],
        { Length: > 0 } path => path,
        _ => "/",
    };

    private static int StatusOf(HttpContext http) =>
        http.Response.HasStarted || !http.RequestAborted.IsCancellationRequested ? http.Response.StatusCode : RequestRecord.ClientLeft;
}
