using System.Globalization;

namespace Portico.Core.DataStores;

/// <summary>How to reach a Key Value store, in the forms of Render's <c>connection-info</c>.</summary>
public sealed record KeyValueConnection
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public required string Password { get; init; }

    /// <summary>Its server takes nothing else there.</summary>
    public bool Encrypted { get; init; }

    /// <summary>Render's form for a store that asks for a password: the user is always <c>default</c>.</summary>
    public string Url => string.Create(
        CultureInfo.InvariantCulture, $"{(Encrypted ? "rediss" : "redis")}://default:{Uri.EscapeDataString(Password)}@{Host}:{Port}");

    /// <summary>A line for a POSIX shell. The certificate is the server's own: it encrypts, and nobody vouches for it.</summary>
    public string CliCommand => string.Create(
        CultureInfo.InvariantCulture,
        $"REDISCLI_AUTH={ShellWord.Quote(Password)} redis-cli -h {ShellWord.Quote(Host)} -p {Port}{(Encrypted ? " --tls --insecure" : "")}");

    // The generated text of a record would put the password into a log.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
