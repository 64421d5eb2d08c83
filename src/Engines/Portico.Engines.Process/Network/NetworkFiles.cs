using System.Text;
using Portico.Core.Engines;
using Portico.Hosting;

namespace Portico.Engines.Process.Network;

/// <summary>Writes the files of each network with which programs in its sandboxes resolve names.</summary>
internal sealed class NetworkFiles(EngineHome home)
{
    public const string Hosts = "hosts", Resolver = "resolv.conf";

    /// <summary>Where systemd-resolved lists the name servers that it asks itself. Its own address is one of the loopback device.</summary>
    private const string BehindResolved = "/run/systemd/resolve/resolv.conf", OfMachine = "/etc/resolv.conf";

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The directory of a network, with the files of one that is not known yet if it has none.</summary>
    public string DirectoryOf(string network)
    {
        var directory = PathOf(network);
        if (File.Exists(Path.Combine(directory, Hosts)))
            return directory;
        EngineHome.MakePassable(directory);
        Write(directory, HostsOf(new Dictionary<string, string>()), OutsideResolver());
        return directory;
    }

    public void Write(NetworkContent content)
    {
        EngineHome.MakePassable(PathOf(content.Id));
        Write(PathOf(content.Id), HostsOf(content.Names), $"nameserver {content.Resolver}\noptions timeout:2 attempts:3\n");
    }

    /// <summary>Deletes the files of networks that no longer exist. A workload that still runs in one keeps what it has open.</summary>
    public void DeleteAllBut(IEnumerable<string> networks)
    {
        var kept = networks.Select(PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (var directory in DirectoryEntries.Directories(home.Networks).Where(directory => !kept.Contains(directory)))
            Directory.Delete(directory, recursive: true);
    }

    public static string HostsOf(IReadOnlyDictionary<string, string> names) => new StringBuilder()
        .Append("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n")
        .AppendJoin("", names.OrderBy(name => name.Key, StringComparer.Ordinal).Select(name => $"{name.Value}\t{name.Key}\n"))
        .ToString();

    /// <summary>Returns the name servers of this machine that can be reached from a sandbox.</summary>
    private static string OutsideResolver()
    {
        var servers = new[] { BehindResolved, OfMachine }.Where(File.Exists)
            .Select(file => MachineNetwork.NameServers(File.ReadAllText(file)).Where(server => !System.Net.IPAddress.IsLoopback(System.Net.IPAddress.Parse(server))))
            .FirstOrDefault(found => found.Any()) ?? [];
        return string.Concat(servers.Select(server => $"nameserver {server}\n"));
    }

    private string PathOf(string network) => Path.Combine(home.Networks, FileName.Of(network));

    private static void Write(string directory, string hosts, string resolver)
    {
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[(Hosts, hosts), (Resolver, resolver)])
        {
            var path = Path.Combine(directory, name);
            if (File.Exists(path) && File.ReadAllText(path) == text)
                continue;
            DurableFile.WriteUnflushed(path, stream =>
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                File.SetUnixFileMode(((FileStream)stream).SafeFileHandle, Readable);
            });
        }
    }
}
