namespace Portico.RenderApi.Tests.Conformance;

/// <summary>Where an answer is meant to be other than Render's document says. The endpoint tells it to users, too, as what differs.</summary>
internal static class Departures
{
    private const string Any = "";

    private static readonly (string Operation, string Place)[] All =
    [
        // Render writes down few of the changes that there are; the others have names of the same form.
        ("list-owner-audit-logs", ".auditLog.event: "),

        // The document forgot the cursors of this list, which takes one: without them nobody could page.
        ("list-events", "].cursor: "),

        // Recorded answers of Render: a list without items is null.
        (Any, ".databasesIds: is null"),
        (Any, ".redisIds: is null"),
        (Any, ".serviceIds: is null"),
        (Any, ".envGroupIds: is null"),
        (Any, ".eventFilter: is null"),
        (Any, ".ipAllowList: is null"),

        ("update-headers", "$: is null"),
        ("put-routes", "$: is null"),

        // A service's list may hold these, says the document, and then does not know them where one is read alone.
        ("retrieve-event", "$.type: \"suspender_"),
    ];

    /// <summary>The declared status that an answer is held against.</summary>
    public static int DeclaredAs(string operation, int status) =>
        // Recorded answers of Render.
        (operation, status) is ("add-resources-to-environment", 201) ? 200 : status;

    public static bool IsMeant(string operation, string problem) =>
        All.Any(departure => (departure.Operation is Any || departure.Operation == operation) && problem.Contains(departure.Place, StringComparison.Ordinal));
}
