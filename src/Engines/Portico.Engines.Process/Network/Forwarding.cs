namespace Portico.Engines.Process.Network;

/// <summary>
/// Turns forwarding of packets on for the devices that need it. On a machine that forwards nothing, everything else stays as it is:
/// what other devices receive is not forwarded, and <see cref="NetworkRules"/> drops what would be forwarded between other machines.
/// </summary>
internal static class Forwarding
{
    private const string All = "/proc/sys/net/ipv4/ip_forward";

    /// <summary>Whether the machine forwards between all its devices, because another program turned that on.</summary>
    public static bool IsOnEverywhere => Read(All);

    public static bool IsOn(string device) => Read(FileOf(device));

    /// <summary>Turns it on or off for one device. A device that no longer exists is left out.</summary>
    public static void Set(string device, bool on)
    {
        try
        {
            if (File.Exists(FileOf(device)) && IsOn(device) != on)
                File.WriteAllText(FileOf(device), on ? "1" : "0");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It was removed a moment ago.
        }
    }

    private static string FileOf(string device) => $"/proc/sys/net/ipv4/conf/{device}/forwarding";

    private static bool Read(string file) => File.Exists(file) && File.ReadAllText(file).Trim() == "1";
}
