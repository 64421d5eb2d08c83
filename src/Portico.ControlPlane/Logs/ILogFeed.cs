namespace Portico.ControlPlane.Logs;

/// <summary>Where lines come from: files that others append to, whether or not this process lives.</summary>
internal interface ILogFeed
{
    IReadOnlyList<FeedSource> List();

    /// <summary>The sources follow one another: what one has must be read before the next.</summary>
    bool IsOrdered { get; }

    /// <summary>The next lines of a source. The same position gives the same lines again, and perhaps more.</summary>
    Task<FeedPiece> ReadAsync(FeedSource source, long position, CancellationToken cancellationToken);
}

/// <param name="Id">Never given to another source.</param>
/// <param name="Ended">Nothing is appended any more.</param>
internal record FeedSource(string Id, bool Ended);

/// <param name="Next">Where the next piece begins; the position that was asked for, when there is nothing to read yet.</param>
/// <param name="IsBehind">These lines are old, and newer ones wait already: what others wrote meanwhile comes later.</param>
internal sealed record FeedPiece(IReadOnlyList<NewLog> Lines, long Next, bool IsBehind = false);
