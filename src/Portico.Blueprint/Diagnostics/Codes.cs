namespace Portico.Blueprint.Diagnostics;

/// <summary>All values of <see cref="Diagnostic.Code"/>.</summary>
public static class Codes
{
    public const string Syntax = "syntax";
    public const string ForeignFile = "foreign-file";
    public const string TooLarge = "too-large";
    public const string DuplicateKey = "duplicate-key";
    public const string UnknownField = "unknown-field";
    public const string IgnoredField = "ignored-field";
    public const string NotAllowed = "not-allowed";
    public const string MissingField = "missing-field";
    public const string WrongType = "wrong-type";
    public const string InvalidValue = "invalid-value";
    public const string Conflict = "conflict";
    public const string LegacySpelling = "legacy-spelling";
    public const string LooseValue = "loose-value";
    public const string NotSupported = "not-supported";
    public const string InvalidName = "invalid-name";
    public const string AddressChanged = "address-differs";
    public const string DuplicateName = "duplicate-name";
    public const string UnsafeValue = "unsafe-value";
    public const string DanglingReference = "dangling-reference";
    public const string ReferenceCycle = "reference-cycle";
    public const string EngineCannot = "engine-cannot";
    public const string Skipped = "skipped";
    public const string NoEffect = "no-effect";
    public const string NeedsPassword = "needs-password";
    public const string NeverRuns = "never-runs";
    public const string CannotChange = "cannot-change";
    public const string TooMany = "too-many-problems";
}
