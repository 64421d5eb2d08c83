using System.Text.Json;

namespace Portico.EndToEnd.Support;

/// <summary>The private network of a platform, as its engine records it.</summary>
/// <param name="Range">All its addresses, such as <c>10.201.0.0/16</c>.</param>
/// <param name="EdgePort">The port of this machine to which connections to internal addresses are led.</param>
internal sealed record PrivateNetwork(string Range, int EdgePort)
{
    /// <summary>Skips the test where there can be none, as <see cref="Programs.Require"/> does.</summary>
    public static void Require()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give services a private network.");
        Programs.Require("ip", "nft");
    }

    /// <returns>Null if the platform has none.</returns>
    public static PrivateNetwork? Of(TestPlatform platform)
    {
        var record = Path.Combine(platform.Home, "engine", "networks", "range.json");
        return File.Exists(record) ? JsonSerializer.Deserialize<PrivateNetwork>(File.ReadAllText(record)) : null;
    }
}
