using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Portico.Api.Contracts.Platform;

/// <summary>The mail server that sends the platform's e-mail.</summary>
public sealed class SmtpSettings
{
    private const int SubmissionPort = 587, ImplicitTlsPort = 465;

    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Whether STARTTLS is required; e-mail is not sent without it.</summary>
    public required bool UseTls { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Returns the server without the password.</summary>
    public override string ToString() => $"{Host}:{Port}";

    /// <param name="problem">What is required. It does not repeat the URL, which contains a password.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SmtpSettings? settings, [NotNullWhen(false)] out string? problem)
    {
        (settings, problem) = (null, null);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.PathAndQuery is not ("/" or "" or "/?tls=off" or "?tls=off"))
            problem = "a URL such as smtp://user:password@mail.example.com:587 (percent-encode special characters)";
        else if (url.Scheme == "smtps" || url.Port == ImplicitTlsPort)
            problem = "a URL that begins with smtp://, with a port other than 465: Portico uses STARTTLS, as on port 587";
        else if (url.Scheme != "smtp")
            problem = "a URL that begins with smtp://";
        else
            settings = From(url);
        if (settings is { UseTls: false, Password: not null } && !IsLoopback(settings.Host))
            (settings, problem) = (null, "a URL without ?tls=off: the password would be sent unencrypted");
        return settings is not null;
    }

    private static SmtpSettings From(Uri url)
    {
        var user = url.UserInfo.Split(':', 2);
        return new SmtpSettings
        {
            Host = url.IdnHost,
            Port = url.Port > 0 ? url.Port : SubmissionPort,
            UseTls = !url.Query.Contains("tls=off", StringComparison.Ordinal),
            User = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
