using System.Net.WebSockets;

namespace Portico.Api.Contracts.Platform;

public sealed partial class PlatformClient
{
    /// <summary>Opens a shell in an instance of a service.</summary>
    /// <param name="instance">The id of the instance; null for the newest that is ready.</param>
    /// <exception cref="PlatformException">The server refused.</exception>
    public Task<ShellConnection> OpenShellAsync(string service, string? instance, StartShell start, CancellationToken cancellationToken) =>
        OpenAsync($"services/{Uri.EscapeDataString(service)}/shell{(instance is null ? "" : $"?instance={Uri.EscapeDataString(instance)}")}", start, cancellationToken);

    /// <summary>Runs a command in a sandbox of its own.</summary>
    /// <exception cref="PlatformException">The server refused.</exception>
    public Task<ShellConnection> RunAsync(string service, StartShell start, CancellationToken cancellationToken) =>
        OpenAsync($"services/{Uri.EscapeDataString(service)}/run", start, cancellationToken);

    private async Task<ShellConnection> OpenAsync(string path, StartShell start, CancellationToken cancellationToken)
    {
        var connection = new ShellConnection();
        try
        {
            var uri = new UriBuilder(new Uri(http.BaseAddress!, Root + path)) { Scheme = http.BaseAddress!.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs };
            await connection.OpenAsync(uri.Uri, http, start, cancellationToken);
            return connection;
        }
        catch (WebSocketException e)
        {
            connection.Dispose();
            // A websocket does not show why it was refused; the same request without one does.
            using var response = await http.GetAsync(new Uri(Root + path, UriKind.Relative), cancellationToken);
            await ThrowUnlessSuccessAsync(response, cancellationToken);
            throw new PlatformException($"The server could not be reached: {e.Message}", (int)response.StatusCode);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
