/** One folder of installed packages, and where it belongs inside the repository (`node_modules`, `.venv`). */
export interface DependencyFolder {
  readonly source: string;
  readonly place: string;
}
