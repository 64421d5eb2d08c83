using System.Net;
using System.Net.Sockets;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.Engines.Process.Instances;

internal enum ProbeResult
{
    Passed,

    /// <summary>Something listens, but does not respond as it should.</summary>
    Failed,

    /// <summary>Nothing listens there.</summary>
    Refused,
}

/// <param name="Words">The outcome as text for users: <c>answered with status 503</c>.</param>
internal sealed record ProbeAnswer(ProbeResult Result, string Words);

/// <summary>Makes one health check of one instance.</summary>
internal sealed class HealthProbe : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = Timeout,
        DefaultRequestHeaders = { ConnectionClose = true },
    };

    public HealthProbe() => _http.DefaultRequestHeaders.UserAgent.ParseAdd("Portico-Health-Check/1.0");

    /// <summary>Describes what <see cref="CheckAsync"/> does, for users.</summary>
    public static string Describe(HealthCheck check, IPEndPoint address) =>
        check is HealthCheck.Http http ? $"GET {UriOf(http, address)}{(http.Host is { } host ? $" (Host: {host})" : "")}" : $"a connection to {address}";

    /// <exception cref="Exception">The check could not be made, for example because there are no file descriptors left.</exception>
    public Task<ProbeAnswer> CheckAsync(HealthCheck check, IPEndPoint address, CancellationToken cancellationToken) => check is HealthCheck.Http http
        ? GetAsync(UriOf(http, address), http.Host, cancellationToken)
        : ConnectAsync(address, cancellationToken);

    /// <summary>Whether there is any HTTP response, whatever its status.</summary>
    public async Task<bool> AnswersHttpAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var answer = await GetAsync(UriOf(new HealthCheck.Http("/"), address), host: null, cancellationToken);
        return answer.Words.StartsWith(FailureTexts.AnsweredWithStatus, StringComparison.Ordinal);
    }

    public void Dispose() => _http.Dispose();

    private static ProbeAnswer Refused => new(ProbeResult.Refused, "was refused: nothing listens there");

    private static ProbeAnswer TooLate => new(ProbeResult.Failed, $"{FailureTexts.NoAnswerWithin} {Timeout.TotalSeconds:0} s");

    private static Uri UriOf(HealthCheck.Http check, IPEndPoint address) => new($"http://{address}/{check.Path.TrimStart('/')}");

    private static async Task<ProbeAnswer> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            await socket.ConnectAsync(address, timeout.Token);
            return new ProbeAnswer(ProbeResult.Passed, "was accepted");
        }
        catch (SocketException e) when (!MachineFailure.Is(e))
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused ? Refused : new ProbeAnswer(ProbeResult.Failed, $"failed: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TooLate;
        }
    }

    /// <summary>Sends the check. Like a request from outside, it names the service's own host and HTTPS as the scheme, because apps may redirect all other requests.</summary>
    private async Task<ProbeAnswer> GetAsync(Uri uri, string? host, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (host is not null)
        {
            request.Headers.Host = host;
            request.Headers.Add("X-Forwarded-Proto", Uri.UriSchemeHttps);
        }
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var passed = response.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.BadRequest;
            return new ProbeAnswer(passed ? ProbeResult.Passed : ProbeResult.Failed, $"{FailureTexts.AnsweredWithStatus} {(int)response.StatusCode}");
        }
        catch (HttpRequestException e) when (!MachineFailure.Is(e))
        {
            return e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? Refused : new ProbeAnswer(ProbeResult.Failed, $"failed: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TooLate;
        }
    }
}
