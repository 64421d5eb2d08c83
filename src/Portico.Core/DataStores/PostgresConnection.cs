using System.Globalization;

namespace Portico.Core.DataStores;

/// <summary>How to reach a database, in the forms of Render's <c>connection-info</c>.</summary>
public sealed record PostgresConnection
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public required string DatabaseName { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    /// <summary>Its server takes nothing else there.</summary>
    public bool Encrypted { get; init; }

    public string Url => string.Create(
        CultureInfo.InvariantCulture,
        $"postgresql://{Escape(User)}:{Escape(Password)}@{Host}:{Port}/{Escape(DatabaseName)}");

    /// <summary>For clients outside, which must encrypt.</summary>
    public string ExternalUrl => Url + "?sslmode=require";

    /// <summary>A line for a POSIX shell.</summary>
    public string PsqlCommand => string.Create(
        CultureInfo.InvariantCulture,
        $"PGPASSWORD={ShellWord.Quote(Password)} {(Encrypted ? "PGSSLMODE=require " : "")}psql -h {ShellWord.Quote(Host)} -p {Port} -U {ShellWord.Quote(User)} -d {ShellWord.Quote(DatabaseName)}");

    // The generated text of a record would put the password into a log.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}/{DatabaseName}");

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
