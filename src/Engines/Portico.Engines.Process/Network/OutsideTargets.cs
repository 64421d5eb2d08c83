using System.Globalization;
using System.Net;
using System.Text;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Workloads;
using Portico.Hosting;

namespace Portico.Engines.Process.Network;

/// <summary>Lists the TCP sockets of the platform and its workloads that nothing outside may reach.</summary>
/// <param name="tag">The tag of the engine's home.</param>
internal sealed class OutsideTargets(string tag, Identities identities, PrivateNetwork network)
{
    private const int ServicePort = 80, ResolverPort = 53;

    /// <summary>Those in the private network: what listens in each namespace, and the addresses that only the edge serves.</summary>
    public IReadOnlyList<IPEndPoint> InNetwork() =>
    [
        .. network.Running().SelectMany(workload => ListeningSockets.InNamespaceOf(workload.Process)
            .Where(socket => !IPAddress.IsLoopback(socket.Address)).Select(socket => new IPEndPoint(IPAddress.Parse(workload.Address), socket.Port))).Distinct(),
        .. network.Contents.SelectMany(AddressesOf),
    ];

    /// <summary>Those on this machine's own addresses. The address is that at which it listens.</summary>
    /// <inheritdoc cref="IOutsideCheck.RunAsync"/>
    public IReadOnlyList<IPEndPoint> OnMachine(string home, IReadOnlyCollection<int> open) =>
    [
        .. ListeningSockets.Of(Processes(Encoding.UTF8.GetBytes(home)))
            .Where(socket => !IPAddress.IsLoopback(socket.Address) && !open.Contains(socket.Port)).Distinct(),
    ];

    private static IEnumerable<IPEndPoint> AddressesOf(NetworkContent content) =>
    [
        .. content.Services.Select(service => new IPEndPoint(IPAddress.Parse(service), ServicePort)),
        new IPEndPoint(IPAddress.Parse(content.Resolver), ResolverPort),
    ];

    private IEnumerable<int> Processes(byte[] home)
    {
        var marker = Encoding.UTF8.GetBytes($"{ProcessTree.MarkerVariable}={tag}/");
        return DirectoryEntries.Directories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && (pid == Environment.ProcessId || IsWorkload(pid) || Contains(pid, "environ", marker) || Names(Read(pid, "cmdline"), home)));
    }

    /// <remarks>The owner of the directory in <c>/proc</c> is root for a process that has changed its account itself.</remarks>
    private bool IsWorkload(int pid)
    {
        var account = Encoding.UTF8.GetString(Read(pid, "status")).Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        return account?.Split('\t') is [_, var user, ..] && uint.TryParse(user, CultureInfo.InvariantCulture, out var number) && identities.IsOfWorkload(number);
    }

    private static bool Contains(int pid, string file, byte[] text) => Read(pid, file).AsSpan().IndexOf(text) >= 0;

    /// <summary>Whether the home is an argument, or the beginning of a path in one.</summary>
    private static bool Names(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> home)
    {
        for (var at = arguments.IndexOf(home); at >= 0; at = arguments.IndexOf(home))
        {
            arguments = arguments[(at + home.Length)..];
            if (arguments.IsEmpty || arguments[0] is 0 or (byte)'/')
                return true;
        }
        return false;
    }

    private static byte[] Read(int pid, string file)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return [];
        }
    }
}
