using System.Globalization;
using System.Net;

namespace Portico.Api.Contracts.Platform;

/// <summary>Named values from the environment and a file, each with its origin.</summary>
internal sealed class SettingsSource
{
    private const string Prefix = "PORTICO_";

    /// <summary>Lower numbers belong to accounts of the machine, and two of them have a special meaning.</summary>
    private const uint LowestAccountNumber = 65_536;

    private readonly Dictionary<string, (string Value, string Origin)> _values = new(StringComparer.Ordinal);

    public static SettingsSource Read(IReadOnlyDictionary<string, string> environment, string file)
    {
        var source = new SettingsSource();
        if (File.Exists(file))
            source.AddFile(file);
        foreach (var (name, value) in environment)
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && value.Length > 0)
                source._values[name] = (value, "the environment");
        return source;
    }

    public int Integer(string name, int fallback, int lowest, int highest)
    {
        if (!_values.TryGetValue(name, out var given))
            return fallback;
        return int.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= lowest && value <= highest
            ? value
            : throw Refuse(name, given, $"a whole number from {lowest} to {highest}");
    }

    /// <summary>Reads two numbers, as in <c>1900000000-1900131071</c>; null if there is none.</summary>
    public (uint First, uint Last)? Range(string name)
    {
        if (!_values.TryGetValue(name, out var given))
            return null;
        return given.Value.Split('-') is [var first, var last]
            && uint.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var lowest)
            && uint.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var highest)
            && lowest >= LowestAccountNumber && highest <= int.MaxValue - 1 && lowest < highest
            ? (lowest, highest)
            : throw Refuse(name, given, $"two numbers from {LowestAccountNumber} to {int.MaxValue - 1}, as in 1900000000-1900131071");
    }

    public TimeSpan Seconds(string name, TimeSpan fallback, int lowest, int highest) =>
        TimeSpan.FromSeconds(Integer(name, (int)fallback.TotalSeconds, lowest, highest));

    public TimeSpan Days(string name, TimeSpan fallback, int lowest, int highest) =>
        TimeSpan.FromDays(Integer(name, (int)fallback.TotalDays, lowest, highest));

    /// <returns>Bytes.</returns>
    public long Megabytes(string name, long fallback, int lowest, int highest) =>
        (long)Integer(name, (int)(fallback >> 20), lowest, highest) << 20;

    public string HostName(string name, string fallback)
    {
        if (!_values.TryGetValue(name, out var given))
            return fallback;
        var value = given.Value.ToLowerInvariant();
        return value.Length <= 190 && Uri.CheckHostName(value) == UriHostNameType.Dns && !value.EndsWith('.')
            ? value
            : throw Refuse(name, given, "a domain name such as apps.example.com");
    }

    /// <summary>Reads one of the names of an enumeration, in lower case; by default the first.</summary>
    public T Choice<T>(string name) where T : struct, Enum
    {
        if (!_values.TryGetValue(name, out var given))
            return default;
        foreach (var value in Enum.GetValues<T>())
            if (string.Equals(value.ToString(), given.Value, StringComparison.OrdinalIgnoreCase))
                return value;
        throw Refuse(name, given, string.Join(" or ", Enum.GetNames<T>().Select(known => known.ToLowerInvariant())));
    }

    /// <summary>Reads <c>yes</c> or <c>no</c>; no by default.</summary>
    public bool Flag(string name)
    {
        if (!_values.TryGetValue(name, out var given))
            return false;
        return given.Value.ToLowerInvariant() switch
        {
            "yes" or "true" or "1" => true,
            "no" or "false" or "0" => false,
            _ => throw Refuse(name, given, "yes or no"),
        };
    }

    /// <summary>Reads an http or https URL, or an absolute path; null by default.</summary>
    public string? Place(string name)
    {
        if (!_values.TryGetValue(name, out var given))
            return null;
        return Path.IsPathRooted(given.Value) || (Uri.TryCreate(given.Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            ? given.Value
            : throw Refuse(name, given, "an absolute path, or a URL that begins with https:// or http://");
    }

    /// <summary>Reads a comma-separated list: <c>10.1.0.0/16, fd00::/8</c>. A single address is a network of one.</summary>
    public IReadOnlyList<IPNetwork> Networks(string name)
    {
        if (!_values.TryGetValue(name, out var given))
            return [];
        var networks = new List<IPNetwork>();
        foreach (var part in given.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (IPNetwork.TryParse(part, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(part, out var address))
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else
                throw Refuse(name, given, "a comma-separated list of networks, such as 10.1.0.0/16,127.0.0.1");
        return networks;
    }

    /// <summary>Reads one IPv4 network; null if it is not set.</summary>
    public IPNetwork? Network(string name, int shortest, int longest)
    {
        if (!_values.TryGetValue(name, out var given))
            return null;
        return IPNetwork.TryParse(given.Value, out var network) && network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            && network.PrefixLength >= shortest && network.PrefixLength <= longest
            // Parsing clears the bits behind the prefix, which are a typing error here.
            && network.ToString() == given.Value
            ? network
            : throw Refuse(name, given, string.Create(CultureInfo.InvariantCulture, $"an IPv4 network with a prefix from /{shortest} to /{longest}, such as 10.201.0.0/16"));
    }

    public SmtpSettings? Smtp(string name)
    {
        if (!_values.TryGetValue(name, out var given))
            return null;
        return SmtpSettings.TryParse(given.Value, out var smtp, out var problem)
            ? smtp
            : throw new SettingsException($"{name} ({given.Origin}) must be {problem}.");
    }

    public string MailAddress(string name, string fallback)
    {
        if (!_values.TryGetValue(name, out var given))
            return fallback;
        return System.Net.Mail.MailAddress.TryCreate(given.Value, out _) ? given.Value : throw Refuse(name, given, "an e-mail address");
    }

    private void AddFile(string file)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
                continue;
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !text.StartsWith(Prefix, StringComparison.Ordinal))
                throw new SettingsException($"{file}, line {number}: expected PORTICO_NAME=value, found '{text}'.");
            _values[text[..equals].Trim()] = (text[(equals + 1)..].Trim(), $"{file}, line {number}");
        }
    }

    private static SettingsException Refuse(string name, (string Value, string Origin) given, string allowed) =>
        new($"{name} is '{given.Value}' ({given.Origin}); it must be {allowed}.");
}
