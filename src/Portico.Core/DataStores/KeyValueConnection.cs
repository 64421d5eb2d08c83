using System.Globalization;

namespace Portico.Core.DataStores;

/// <summary>The connection strings of a Key Value store, in the forms of Render's <c>connection-info</c>.</summary>
public sealed record KeyValueConnection
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Null if the connection needs no password.</summary>
    public required string? Password { get; init; }

    /// <summary>The server accepts only encrypted connections there.</summary>
    public bool Encrypted { get; init; }

    /// <summary>Render's forms: with a password, the user is always <c>default</c>; without one, no user is named.</summary>
    public string Url => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Encrypted ? "rediss" : "redis")}://{(Password is null ? "" : $"default:{Uri.EscapeDataString(Password)}@")}{Host}:{Port}");

    /// <summary>A command line for a POSIX shell. The certificate is self-signed, so the client does not verify it.</summary>
    public string CliCommand => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Password is null ? "" : $"REDISCLI_AUTH={ShellWord.Quote(Password)} ")}redis-cli -h {ShellWord.Quote(Host)} -p {Port}{(Encrypted ? " --tls --insecure" : "")}");

    // A record's generated ToString would write the password to a log.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
