using System.Globalization;
using System.Net;

namespace Portico.Engines.Process.Network;

/// <summary>The names, addresses and ports of one platform's private network, which follow from its home and range.</summary>
/// <remarks>
/// <code>
/// 10.201.0.0/16   lower half   first quarter: .0.1 gateway, .0.2 external source, from .0.16 instances, builds and jobs
///                              second quarter: data stores, whose addresses the caller chooses
///                 upper half   services and resolvers: addresses that only the edge serves
///                              the last sixteenth of the range: resolvers
/// </code>
/// </remarks>
/// <param name="Tag">Distinguishes the platforms on a machine.</param>
/// <param name="EdgePort">The port on 127.0.0.1 to which connections to the upper half are led.</param>
internal sealed record NetworkPlan(string Tag, AddressBlock Range, int EdgePort)
{
    public const int LongestPrefix = 24, ShortestPrefix = 8;

    /// <summary>Above the numbers that others use to group devices.</summary>
    private const uint FirstGroup = 0x5000_0000;

    private const string PlatformPrefix = "pt";
    private const int TagLength = 6;

    /// <summary>The devices of all platforms on a machine.</summary>
    public const string AllPlatforms = PlatformPrefix + "*";

    private const uint ReservedAddresses = 16;

    /// <summary>The group of devices of workloads whose network is not known. Nothing may be reached from there but the world outside.</summary>
    public const uint NoGroup = 0x5FFF_FFFF;

    public string Table => $"portico_{Tag}";

    /// <summary>The beginning of the names of all devices. A name has at most 15 characters.</summary>
    public string DevicePrefix => $"{PlatformPrefix}{Tag[..TagLength]}-";

    public string Devices => $"{DevicePrefix}*";

    public AddressBlock Lower => Range.Part(0, 1);

    public AddressBlock Upper => Range.Part(1, 1);

    public AddressBlock Resolvers => Range.Part(15, 4);

    public string Gateway => Range.At(1);

    public string ExternalSource => Range.At(2);

    /// <summary>An address for the trial at the start of an engine.</summary>
    public string Trial => Range.At(3);

    public AddressBlock Stores => Range.Part(1, 2);

    /// <summary>The offsets of the first and last address that the engine gives to workloads.</summary>
    public (uint First, uint Last) Offsets => (ReservedAddresses, Stores.First - Range.First - 1);

    public static uint GroupOf(int number) => FirstGroup + (uint)number;

    /// <summary>The name of the device on this machine's side; each address has its own.</summary>
    public string DeviceOf(string address) =>
        string.Create(CultureInfo.InvariantCulture, $"{DevicePrefix}{AddressBlock.ToNumber(IPAddress.Parse(address)) - Range.First:x}");

    /// <summary>A hardware address of the locally administered kind. Because both ends know it, nothing has to ask for it.</summary>
    public static string HardwareAddressOf(string address) =>
        $"02:50:{string.Join(':', IPAddress.Parse(address).GetAddressBytes().Select(part => part.ToString("x2", CultureInfo.InvariantCulture)))}";
}
