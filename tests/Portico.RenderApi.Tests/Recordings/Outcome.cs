namespace Portico.RenderApi.Tests.Recordings;

internal enum OutcomeKind
{
    Equal,
    OnPurpose,
    NotYet,
    Different,
}

/// <summary>How an answer compares with the recorded one.</summary>
/// <param name="Notes">What differs, or which operation or part is not there yet.</param>
internal sealed record Outcome(Recording Recording, OutcomeKind Kind, IReadOnlyList<string> Notes)
{
    public override string ToString() => $"{Recording.From}: {Recording.Method} {Recording.Path} {Recording.Request}\n    {string.Join("\n    ", Notes)}";
}
