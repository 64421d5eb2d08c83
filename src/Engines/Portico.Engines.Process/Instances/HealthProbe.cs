using System.Net;
using System.Net.Sockets;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Instances;

internal enum ProbeResult
{
    Passed,

    /// <summary>Something listens, and does not answer as it should.</summary>
    Failed,

    /// <summary>Nobody listens there.</summary>
    Refused,
}

/// <summary>Asks one instance once whether it is well.</summary>
internal sealed class HealthProbe : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = Timeout,
        DefaultRequestHeaders = { ConnectionClose = true },
    };

    public HealthProbe() => _http.DefaultRequestHeaders.UserAgent.ParseAdd("Portico-Health-Check/1.0");

    public Task<ProbeResult> CheckAsync(HealthCheck check, IPEndPoint address, CancellationToken cancellationToken) => check is HealthCheck.Http http
        ? GetAsync(new Uri($"http://{address}/{http.Path.TrimStart('/')}"), cancellationToken)
        : ConnectAsync(address, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static async Task<ProbeResult> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            await socket.ConnectAsync(address, timeout.Token);
            return ProbeResult.Passed;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused ? ProbeResult.Refused : ProbeResult.Failed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Failed;
        }
    }

    private async Task<ProbeResult> GetAsync(Uri uri, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.BadRequest ? ProbeResult.Passed : ProbeResult.Failed;
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? ProbeResult.Refused : ProbeResult.Failed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Failed;
        }
    }
}
