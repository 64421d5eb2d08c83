using System.Globalization;

namespace Portico.Core.DataStores;

/// <summary>The connection strings of a database, in the forms of Render's <c>connection-info</c>.</summary>
public sealed record PostgresConnection
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public required string DatabaseName { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    /// <summary>The server accepts only encrypted connections there.</summary>
    public bool Encrypted { get; init; }

    public string Url => string.Create(
        CultureInfo.InvariantCulture,
        $"postgresql://{Escape(User)}:{Escape(Password)}@{Host}:{Port}/{Escape(DatabaseName)}");

    /// <summary>The connection string for external clients, which must use TLS.</summary>
    public string ExternalUrl => Url + "?sslmode=require";

    /// <summary>A command line for a POSIX shell.</summary>
    public string PsqlCommand => string.Create(
        CultureInfo.InvariantCulture,
        $"PGPASSWORD={ShellWord.Quote(Password)} {(Encrypted ? "PGSSLMODE=require " : "")}psql -h {ShellWord.Quote(Host)} -p {Port} -U {ShellWord.Quote(User)} -d {ShellWord.Quote(DatabaseName)}");

    // A record's generated ToString would write the password to a log.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}/{DatabaseName}");

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
