namespace Portico.ControlPlane.State;

/// <summary>A deploy that follows from changes and has not been created yet.</summary>
/// <param name="ChangedAt">When the first of the changes was made.</param>
/// <param name="DueAt">When the deploy is created, unless there is another change.</param>
/// <param name="Reason">The reason, as the service's history shows it.</param>
/// <param name="By">The user who made the last change.</param>
internal sealed record PendingDeploy(DateTimeOffset ChangedAt, DateTimeOffset DueAt, string Reason, Actor By);
