using System.Globalization;
using System.Net.Sockets;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.KeyValue;

/// <summary>Checks that a server responds with the right password, and applies its settings again if a client changed them.</summary>
internal static class KeyValueSetup
{
    private const string Clients = "connected_clients:";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <exception cref="DataStoreException">The server does not respond, or responds in an unexpected way.</exception>
    public static Task RunAsync(KeyValueSpec spec, InstanceAddress address, CancellationToken cancellationToken) =>
        AskAsync(spec, address, async (connection, token) =>
        {
            await connection.SendAsync(["PING"], token);
            await ApplyAsync(connection, spec, token);
            return true;
        }, cancellationToken);

    /// <exception cref="DataStoreException">The server does not respond, or responds in an unexpected way.</exception>
    public static Task<int> CountConnectionsAsync(KeyValueSpec spec, InstanceAddress address, CancellationToken cancellationToken) =>
        AskAsync(spec, address, async (connection, token) =>
        {
            var reply = await connection.SendAsync(["INFO", "clients"], token);
            var line = reply[0]?.Split("\r\n").FirstOrDefault(line => line.StartsWith(Clients, StringComparison.Ordinal));
            return int.TryParse(line.AsSpan(line is null ? 0 : Clients.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? count - 1
                : throw new RespException("PROTOCOL The reply does not contain the number of connected clients.");
        }, cancellationToken);

    private static async Task<T> AskAsync<T>(
        KeyValueSpec spec, InstanceAddress address, Func<RespConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var server = string.Create(CultureInfo.InvariantCulture, $"Key Value '{spec.Name}' at {address.Host}:{address.Port}");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        try
        {
            await using var connection = await RespConnection.OpenAsync(address, deadline.Token);
            await connection.SendAsync(["AUTH", KeyValueConfiguration.Administrator, spec.AdministratorPassword], deadline.Token);
            return await ask(connection, deadline.Token);
        }
        catch (RespException exception)
        {
            throw new DataStoreException(Explain(server, exception), exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new DataStoreException($"{server} is not reachable: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DataStoreException($"{server} did not respond within {Timeout.TotalSeconds} s.", exception);
        }
    }

    private static async Task ApplyAsync(RespConnection connection, KeyValueSpec spec, CancellationToken cancellationToken)
    {
        await ApplyAsync(connection, "maxmemory-policy", spec.MaxmemoryPolicy, cancellationToken);
        if (spec.Limits.MemoryBytes is { } bytes)
            await ApplyAsync(connection, "maxmemory", bytes.ToString(CultureInfo.InvariantCulture), cancellationToken);
    }

    private static async Task ApplyAsync(
        RespConnection connection, string setting, string value, CancellationToken cancellationToken)
    {
        var current = await connection.SendAsync(["CONFIG", "GET", setting], cancellationToken);
        if (current is not [_, var set] || set != value)
            await connection.SendAsync(["CONFIG", "SET", setting, value], cancellationToken);
    }

    private static string Explain(string server, RespException exception) => exception.Code switch
    {
        "LOADING" => $"{server} is still loading its data from disk.",
        "WRONGPASS" or "NOAUTH" => $"{server} rejects the password of Portico's own account. Restart the store to reset it.",
        "ERR" when exception.Message.Contains("max number of clients", StringComparison.Ordinal) =>
            $"{server} has no free connections. Close some, or choose a larger plan.",
        _ => $"{server} returned an error: {exception.Message}",
    };
}
