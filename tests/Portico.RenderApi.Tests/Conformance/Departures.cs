namespace Portico.RenderApi.Tests.Conformance;

/// <summary>Where an answer is meant to be other than Render's document says. The endpoint tells it to users, too, as what differs.</summary>
internal static class Departures
{
    private static readonly (string Operation, string Place)[] All =
    [
        // Render writes down few of the changes that there are; the others have names of the same form.
        ("list-owner-audit-logs", ".auditLog.event: "),

        // The document forgot the cursors of this list, which takes one: without them nobody could page.
        ("list-events", "].cursor: "),

        // A service's list may hold these, says the document, and then does not know them where one is read alone.
        ("retrieve-event", "$.type: \"suspender_"),
    ];

    public static bool IsMeant(string operation, string problem) =>
        All.Any(departure => departure.Operation == operation && problem.Contains(departure.Place, StringComparison.Ordinal));
}
