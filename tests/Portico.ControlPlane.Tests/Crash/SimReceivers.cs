using System.Collections.Concurrent;
using System.Net;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>Everybody whom the platform calls, and what they were told. Those of which nothing is said take everything.</summary>
internal sealed class SimReceivers(FaultPoints faults) : HttpMessageHandler
{
    private readonly ConcurrentQueue<SimCall> _calls = new();

    /// <summary>By host.</summary>
    public ConcurrentDictionary<string, Func<SimCall, CancellationToken, Task<HttpResponseMessage>>> Behaviours { get; } = new();

    public IReadOnlyList<SimCall> Calls => [.. _calls];

    public void Answer(string host, HttpStatusCode status, string body = "") =>
        Behaviours[host] = (_, _) => Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = new SimCall(
            request.RequestUri!, request.Headers.ToDictionary(header => header.Key, header => string.Join(' ', header.Value)),
            request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "");
        try
        {
            await faults.PassAsync("call", () => _calls.Enqueue(call));
        }
        catch (SimulatedFault fault)
        {
            throw new HttpRequestException("The connection broke.", fault);
        }
        return Behaviours.TryGetValue(call.Url.Host, out var behave)
            ? await behave(call, cancellationToken)
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("") };
    }
}

internal sealed record SimCall(Uri Url, IReadOnlyDictionary<string, string> Headers, string Body);
