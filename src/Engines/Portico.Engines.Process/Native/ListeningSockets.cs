using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Portico.Hosting;

namespace Portico.Engines.Process.Native;

/// <summary>Finds the TCP ports that processes listen on, from the kernel's tables of sockets and open files.</summary>
internal static class ListeningSockets
{
    private const string ListenState = "0A";
    private const int ReadAndEnter = 5;
    private const int LocalField = 1, StateField = 3, InodeField = 9;

    public static IReadOnlyList<IPEndPoint> Of(IEnumerable<int> processes)
    {
        var own = processes.SelectMany(SocketsOf).ToHashSet();
        return own.Count == 0
            ? []
            : [.. All().Where(socket => own.Contains(socket.Inode)).Select(socket => socket.Address).OrderBy(address => address.Port)];
    }

    /// <summary>Whether this process may read the other process's list of open files.</summary>
    public static bool CanLookInto(int pid) => Libc.Access($"/proc/{pid}/fd", ReadAndEnter) == 0;

    /// <summary>Returns all TCP listeners in the network namespace of a process, ordered by port.</summary>
    public static IReadOnlyList<IPEndPoint> InNamespaceOf(int pid) =>
        [.. All($"/proc/{pid}/net").Select(socket => socket.Address).Distinct().OrderBy(address => address.Port)];

    /// <summary>Returns the paths of the unix sockets that processes in the network namespace of a process listen on.</summary>
    public static IReadOnlyList<string> PathsInNamespaceOf(int pid)
    {
        const int FlagsField = 3, PathField = 7;
        const string Listening = "00010000";
        var table = $"/proc/{pid}/net/unix";
        return !File.Exists(table)
            ? []
            : [.. File.ReadLines(table).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > PathField && fields[FlagsField] == Listening).Select(fields => fields[PathField]).Distinct()];
    }

    private static IEnumerable<(IPEndPoint Address, string Inode)> All(string tables = "/proc/net") =>
        Read($"{tables}/tcp").Concat(Read($"{tables}/tcp6"));

    private static IEnumerable<(IPEndPoint Address, string Inode)> Read(string table)
    {
        if (!File.Exists(table))
            yield break;
        foreach (var line in File.ReadLines(table).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > InodeField && fields[StateField] == ListenState)
                yield return (ParseAddress(fields[LocalField]), fields[InodeField]);
        }
    }

    /// <summary>Parses an address. The kernel prints it as numbers in the machine's byte order, which reverses the bytes on most machines.</summary>
    public static IPEndPoint ParseAddress(string text)
    {
        var (hex, port) = (text.Split(':')[0], text.Split(':')[1]);
        var bytes = Convert.FromHexString(hex);
        if (BitConverter.IsLittleEndian)
            for (var word = 0; word < bytes.Length; word += 4)
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(word), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(word)));
        var address = new IPAddress(bytes);
        return new IPEndPoint(
            address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private static IEnumerable<string> SocketsOf(int pid)
    {
        string[] links;
        try
        {
            links = DirectoryEntries.Files($"/proc/{pid}/fd");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break;
        }
        foreach (var link in links)
            if (TargetOf(link) is { } target && target.StartsWith("socket:[", StringComparison.Ordinal))
                yield return target["socket:[".Length..^1];
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
