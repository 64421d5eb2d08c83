namespace Portico.ControlPlane.Logs;

/// <summary>A source of log lines: files that other processes append to, whether or not this process runs.</summary>
internal interface ILogFeed
{
    IReadOnlyList<FeedSource> List();

    /// <summary>Whether the sources are in order, so that each must be read completely before the next one.</summary>
    bool IsOrdered { get; }

    /// <summary>Reads the next lines of a source. The same position returns the same lines again, and possibly more.</summary>
    Task<FeedPiece> ReadAsync(FeedSource source, long position, CancellationToken cancellationToken);
}

/// <param name="Id">Never reused for another source.</param>
/// <param name="Ended">Whether nothing is appended any more.</param>
internal record FeedSource(string Id, bool Ended);

/// <param name="Next">The position of the next piece; the requested position if there is nothing to read yet.</param>
/// <param name="HasMore">Whether the source has more lines than fit in a piece.</param>
/// <param name="IsBehind">Whether newer lines are waiting, so that lines of other sources must be stored later.</param>
internal sealed record FeedPiece(IReadOnlyList<NewLog> Lines, long Next, bool IsBehind = false, bool HasMore = false);
