using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Says in a deploy's log what it waits for. Of a long queue, not every step forward is worth a line: it says the first place,
/// then each time that half of it is left.
/// </summary>
internal sealed class WaitingNotes(IDbContextFactory<PorticoDb> databases, DeployTransitions transitions)
{
    private readonly Dictionary<string, (string Text, int Place)> _told = [];

    /// <summary>Forgets deploys that have ended.</summary>
    public void KeepOnly(IReadOnlySet<string> deploys)
    {
        foreach (var id in _told.Keys.Where(id => !deploys.Contains(id)).ToList())
            _told.Remove(id);
    }

    public Task TellPlaceAsync(string deploy, int place, CancellationToken cancellationToken)
    {
        var before = _told.GetValueOrDefault(deploy).Place;
        return before > 0 && place > before / 2
            ? Task.CompletedTask
            : TellAsync(deploy, DeployPlanner.WaitingForSlot(place), place, cancellationToken);
    }

    public Task TellAsync(string deploy, string phase, CancellationToken cancellationToken) => TellAsync(deploy, phase, 0, cancellationToken);

    private async Task TellAsync(string id, string phase, int place, CancellationToken cancellationToken)
    {
        if (_told.GetValueOrDefault(id).Text == phase)
            return;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Deploys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && row.Status == DeployStatus.Queued, cancellationToken) is not { } deploy)
            return;
        transitions.Note(db, deploy, DeployLogPart.BeforeBuild, $"==> {char.ToUpperInvariant(phase[0])}{phase[1..]}");
        await db.SaveChangesAsync(cancellationToken);
        _told[id] = (phase, place);
    }
}
