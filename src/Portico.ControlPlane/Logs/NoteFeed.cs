using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Logs;

/// <summary>The platform's own notes about deploys.</summary>
internal sealed class NoteFeed(IDbContextFactory<PorticoDb> databases, StateVersion state) : ILogFeed
{
    private const int Most = 1000;
    private static readonly FeedSource[] One = [new("deploy-notes", Ended: false)];
    private long? _read;

    public bool IsOrdered => false;

    public IReadOnlyList<FeedSource> List() => One;

    public async Task<FeedPiece> ReadAsync(FeedSource source, long position, CancellationToken cancellationToken)
    {
        // Looked at many times a second: while nothing in the state has changed, there is nothing to read.
        var version = state.Read();
        if (version == _read)
            return new FeedPiece([], position);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var notes = await db.DeployNotes.AsNoTracking().Where(row => row.Number > position)
            .OrderBy(row => row.Number).Take(Most).ToListAsync(cancellationToken);
        if (notes.Count == 0)
        {
            _read = version;
            return new FeedPiece([], position);
        }
        return new FeedPiece([.. notes.Select(ToLog)], notes[^1].Number, HasMore: notes.Count == Most);
    }

    /// <summary>
    /// Converts a note to a line. After the build, notes appear among the service's own lines, where users look for the
    /// reason when it does not start.
    /// </summary>
    private static NewLog ToLog(DeployNoteRow note) => new(LogTime.From(note.At), new LogLabels
    {
        Resource = note.ServiceId,
        Type = note.Part == DeployLogPart.AfterPreDeploy ? LogType.App : LogType.Build,
        Level = Severity.Of(note.Text),
        Instance = note.DeployId,
    }, note.Text);
}
