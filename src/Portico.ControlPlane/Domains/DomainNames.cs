using System.Net;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Domains;

/// <summary>Rules for names of custom domains. Pure.</summary>
internal static class DomainNames
{
    private const string Www = "www.", WildcardMark = "*.";

    /// <summary>Public suffixes with two labels. All others are taken to have one.</summary>
    private static readonly HashSet<string> TwoLabels =
    [
        "co.uk", "org.uk", "me.uk", "ac.uk", "gov.uk", "ltd.uk", "plc.uk", "com.au", "net.au", "org.au", "edu.au", "gov.au", "id.au",
        "co.nz", "org.nz", "net.nz", "co.jp", "ne.jp", "or.jp", "ac.jp", "co.kr", "or.kr", "com.br", "net.br", "org.br", "com.mx", "org.mx",
        "com.ar", "com.co", "com.pe", "com.ve", "com.tr", "com.cn", "net.cn", "org.cn", "com.tw", "org.tw", "com.hk", "com.sg", "com.my",
        "co.in", "net.in", "org.in", "firm.in", "co.id", "or.id", "co.th", "in.th", "com.vn", "com.ph", "co.za", "org.za", "co.il", "org.il",
        "com.ua", "com.pl", "net.pl", "org.pl", "com.eg", "com.sa", "com.pk", "com.ng", "co.ke",
    ];

    /// <returns>What is wrong with the name, as shown to users; null if it is valid.</returns>
    public static string? Explain(string name)
    {
        if (ValueRules.Domain(name) is { } problem)
            return problem;
        if (IsWildcard(name) && (!name[WildcardMark.Length..].Contains('.', StringComparison.Ordinal) || PublicSuffix(name) == name[WildcardMark.Length..]))
            return $"'{name}' covers every name under '{name[WildcardMark.Length..]}', a public suffix, which can't be a custom domain.";
        // A top level of digits makes it an address, or something that is read as one.
        return IPAddress.TryParse(name, out _) || name.Split('.')[^1].All(char.IsAsciiDigit) ? $"'{name}' is an IP address; use a host name." : null;
    }

    /// <summary>Whether the name is a wildcard such as <c>*.example.org</c>, which covers all names one label below.</summary>
    public static bool IsWildcard(string name)
    {
        return name.StartsWith(WildcardMark, StringComparison.Ordinal);
    }

    /// <summary>The wildcard that covers a name; null for a wildcard.</summary>
    public static string? WildcardOver(string name) =>
        IsWildcard(name) ? null : WildcardMark + name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>The name to look up in DNS. For a wildcard, it is a name below it that has no record of its own.</summary>
    public static string Probe(CustomDomainRow row)
    {
        return row.IsWildcard ? $"{row.Id}{row.Name[1..]}" : row.Name;
    }

    /// <summary>Whether the name belongs to this machine alone and needs no DNS.</summary>
    public static bool IsLocal(string name)
    {
        return name.EndsWith(".localhost", StringComparison.Ordinal);
    }

    public static string PublicSuffix(string name)
    {
        var labels = name.Split('.');
        var two = string.Join('.', labels[^2..]);
        return labels.Length > 2 && TwoLabels.Contains(two) ? two : labels[^1];
    }

    /// <summary>Whether the name is a registered domain and not a subdomain.</summary>
    public static bool IsApex(string name)
    {
        return name.Count(c => c == '.') == PublicSuffix(name).Count(c => c == '.') + 1;
    }

    /// <summary>The counterpart that Render adds: <c>www.</c> for an apex, and the apex for its <c>www.</c>; otherwise null.</summary>
    public static string? Partner(string name)
    {
        if (IsLocal(name))
            return null;
        if (IsApex(name))
            return Www + name;
        return name.StartsWith(Www, StringComparison.Ordinal) && IsApex(name[Www.Length..]) ? name[Www.Length..] : null;
    }
}
