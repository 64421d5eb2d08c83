using System.Net;
using Portico.Edge.Model;

namespace Portico.Edge.Resolvers;

/// <summary>The resolvers that this machine uses, read from its <c>resolv.conf</c> again when that changes.</summary>
internal sealed class UpstreamResolvers(string file, ModelStore store, TimeProvider time)
{
    /// <summary>As the C library: it uses the first three.</summary>
    private const int Most = 3;

    private const int Port = 53;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private IPEndPoint[] _read = [];
    private long _looked;

    /// <summary>Without those that would ask this edge again.</summary>
    public IReadOnlyList<IPEndPoint> Current
    {
        get
        {
            lock (_gate)
            {
                if (_looked == 0 || time.GetElapsedTime(_looked) >= BetweenLooks)
                    (_read, _looked) = (ReadFile(), time.GetTimestamp());
                return [.. _read.Where(server => store.Current.Network?.Contains(server.Address) != true).Take(Most)];
            }
        }
    }

    /// <summary>Reads lines such as <c>nameserver 192.0.2.1</c>. A port may follow in brackets, as OpenBSD has it: <c>[192.0.2.1]:5353</c>.</summary>
    internal static IPEndPoint[] Parse(IEnumerable<string> lines) =>
    [
        .. from line in lines
           let words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
           where words is ["nameserver", _, ..]
           let server = ParseServer(words[1])
           where server is not null
           select server,
    ];

    private static IPEndPoint? ParseServer(string word)
    {
        if (IPAddress.TryParse(word, out var address))
            return new IPEndPoint(address, Port);
        return word.StartsWith('[') && word.IndexOf("]:", StringComparison.Ordinal) is > 0 and var end
            && IPAddress.TryParse(word[1..end], out var host) && ushort.TryParse(word.AsSpan(end + 2), out var port) && port > 0
            ? new IPEndPoint(host, port)
            : null;
    }

    /// <summary>A file that is being replaced keeps what was read before.</summary>
    private IPEndPoint[] ReadFile()
    {
        try
        {
            return Parse(File.ReadAllLines(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return _read;
        }
    }
}
