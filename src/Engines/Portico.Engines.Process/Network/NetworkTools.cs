namespace Portico.Engines.Process.Network;

/// <summary>The absolute paths of the programs that set up networks. The launch script uses no search path.</summary>
internal sealed record NetworkTools(string Ip, string Nft)
{
    private const string UnsharePath = "/usr/bin/unshare", EnterPath = "/usr/bin/nsenter";

    /// <returns>The programs, or the packages that are missing.</returns>
    public static (NetworkTools? Tools, string? Missing) Find()
    {
        var (ip, nft) = (PathOf("ip"), PathOf("nft"));
        string?[] missing = [ip is null ? "iproute2" : null, nft is null ? "nftables" : null, File.Exists(UnsharePath) && File.Exists(EnterPath) ? null : "util-linux"];
        return ip is null || nft is null || missing[^1] is not null
            ? (null, string.Join(' ', missing.OfType<string>()))
            : (new NetworkTools(ip, nft), null);
    }

    private static string? PathOf(string program) =>
        Tool.SystemPath.Split(':').Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
