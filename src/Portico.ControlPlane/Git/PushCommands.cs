using System.Text;

namespace Portico.ControlPlane.Git;

/// <summary>The changes to branches that a push requests, which it sends before the objects.</summary>
internal sealed class PushCommands
{
    private const int MostBytes = 4 << 20;
    private const string Branches = "refs/heads/", Shallow = "shallow ";

    private PushCommands(byte[] sent, IReadOnlyList<BranchUpdate> updates, bool hasSideBand, bool isShallow) =>
        (Sent, Updates, HasSideBand, IsShallow) = (sent, updates, hasSideBand, isShallow);

    /// <summary>The bytes that were read, to be passed on.</summary>
    public byte[] Sent { get; }

    public IReadOnlyList<BranchUpdate> Updates { get; }

    /// <summary>Whether the client shows messages of the server during the push.</summary>
    public bool HasSideBand { get; }

    /// <summary>Whether the client has a shallow clone.</summary>
    public bool IsShallow { get; }

    /// <param name="body">The request body. Afterwards its position is the end of the list of commands.</param>
    /// <exception cref="InvalidDataException">The body is not a valid push.</exception>
    public static async Task<PushCommands> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var reader = new PacketReader(body);
        using var sent = new MemoryStream();
        var updates = new List<BranchUpdate>();
        var (hasSideBand, isShallow) = (false, false);
        while (await reader.ReadAsync(cancellationToken) is { } packet)
        {
            sent.Write(packet.Span);
            if (PacketReader.IsFlush(packet))
                break;
            if (sent.Length > MostBytes)
                throw new InvalidDataException("This push changes too many branches at once.");
            var parts = Encoding.UTF8.GetString(packet.Span[PacketReader.LengthBytes..]).TrimEnd('\n').Split('\0');
            hasSideBand |= parts.Length > 1 && parts[1].Split(' ').Contains("side-band-64k");
            isShallow |= parts[0].StartsWith(Shallow, StringComparison.Ordinal);
            var words = parts[0].Split(' ', 3);
            if (words.Length == 3 && words[2].StartsWith(Branches, StringComparison.Ordinal))
                updates.Add(new BranchUpdate(words[2][Branches.Length..], words[1], IsNone(words[0])));
        }
        return new PushCommands(sent.ToArray(), updates, hasSideBand, isShallow);
    }

    /// <summary>Whether an id is all zeros, which means no commit.</summary>
    internal static bool IsNone(string commit) => commit.All(digit => digit == '0');
}

/// <param name="Commit">The new tip of the branch; zeros to delete the branch.</param>
/// <param name="IsNew">Whether the branch did not exist when the client looked.</param>
internal sealed record BranchUpdate(string Branch, string Commit, bool IsNew = false)
{
    public bool IsDeletion => PushCommands.IsNone(Commit);
}
